import { connect, PeerCertificate } from 'node:tls';
import { Clock } from '../clock';
import { CIPHERS } from '../cluster/tls-ciphers';
import { connectionFailure } from '../scrape/connection-failure';
import { verifyKubeletName } from '../scrape/kubelet-tls';

export interface TlsTarget {
  readonly host: string;
  readonly port: number;
  /** Name that the certificate must be for. */
  readonly serverName: string;
  /** PEM; undefined for the system's. */
  readonly ca: string | undefined;
}

/** What a server shows to a client that sends it nothing. */
export type TlsProbe =
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'refused'; readonly problem: 'authority' | 'name' | 'expired' | 'other'; readonly message: string }
  | { readonly kind: 'verified'; readonly notBeforeMs: number; readonly notAfterMs: number };

const TIMEOUT_MS = 5_000;
const PROBLEMS: Readonly<Record<string, 'authority' | 'name' | 'expired'>> = {
  'x509-unknown-authority': 'authority', 'x509-name-mismatch': 'name', 'x509-expired': 'expired',
};

/** Connects, looks at the certificate and hangs up. Rejects when aborted. */
export function probeTls({ host, port, serverName, ca }: TlsTarget, clock: Clock, signal: AbortSignal): Promise<TlsProbe> {
  return new Promise((resolve, reject) => {
    let connected = false;
    const end = (probe: TlsProbe) => {
      stop();
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(probe);
    };
    const abort = () => {
      end({ kind: 'unreachable', message: 'the examination ended' });
      reject(signal.reason as Error);
    };
    const socket = connect({
      host,
      port,
      servername: serverName,
      ca,
      ciphers: CIPHERS,
      ALPNProtocols: ['h2', 'http/1.1'],
      checkServerIdentity: (_, certificate) => verifyKubeletName([serverName], certificate),
    });
    const stop = clock.after(TIMEOUT_MS, () => end({ kind: 'unreachable', message: `no ${connected ? 'TLS handshake' : 'connection'} within ${TIMEOUT_MS / 1000} s` }));
    signal.addEventListener('abort', abort);
    socket.on('connect', () => { connected = true; });
    socket.on('secureConnect', () => end(verified(socket.getPeerCertificate())));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!connected) return end({ kind: 'unreachable', message: error.message });
      end({ kind: 'refused', problem: PROBLEMS[connectionFailure(error).reason] ?? 'other', message: error.message });
    });
    if (signal.aborted) abort();
  });
}

function verified({ valid_from, valid_to }: PeerCertificate): TlsProbe {
  return { kind: 'verified', notBeforeMs: Date.parse(valid_from), notAfterMs: Date.parse(valid_to) };
}
