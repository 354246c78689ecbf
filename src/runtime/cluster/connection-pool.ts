import * as http from 'http';
import * as https from 'https';
import { Socket } from 'net';
import { ClientCertificate, ClusterConfig, Credentials } from './cluster-config';
import { NO_CAS } from './no-cas';
import { CIPHERS } from './tls-ciphers';

/** Requests at once; more of them wait. A handful are watches. */
const MAX_SOCKETS = 128;
/** Idle connections close before kube-apiserver and common load balancers close them. */
const IDLE_TIMEOUT_MS = 60_000;

/** A host that is gone is noticed ten seconds after that: libuv has it asked once a second, ten times. */
const KEEP_ALIVE_MS = 15_000;

/** Kept-alive connections to one API server, replaced when what they were made with is. */
export class ConnectionPool {
  private agent: http.Agent | undefined;
  private madeWith: readonly unknown[] = [];

  constructor(private readonly config: ClusterConfig) {}

  agentFor({ clientCertificate }: Credentials): http.Agent {
    const { insecureSkipTlsVerify, server, tlsServerName } = this.config;
    const ca = this.config.certificateAuthority();
    const material = [ca, clientCertificate?.certificate, clientCertificate?.key, server.href, tlsServerName, insecureSkipTlsVerify];
    if (!this.agent || material.some((one, index) => one !== this.madeWith[index])) {
      const next = this.create(ca, clientCertificate);
      this.closeIdle();
      this.agent = next;
      this.madeWith = material;
    }
    return this.agent;
  }

  /** Ends connections that nothing runs on. The others end by themselves: a watch keeps its own. */
  closeIdle(): void {
    for (const sockets of Object.values(this.agent?.freeSockets ?? {})) {
      for (const socket of sockets ?? []) socket.destroy();
    }
  }

  /** Ends every connection, those in use too. */
  close(): void {
    this.agent?.destroy();
    this.agent = undefined;
  }

  private create(ca: string | undefined, clientCertificate: ClientCertificate | undefined): http.Agent {
    const options = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, maxSockets: MAX_SOCKETS, timeout: IDLE_TIMEOUT_MS };
    if (this.config.server.protocol === 'http:') return new http.Agent(options);
    return new OneWay({
      ...options,
      ca: this.config.insecureSkipTlsVerify ? NO_CAS : ca,
      cert: clientCertificate?.certificate,
      key: clientCertificate?.key,
      minVersion: 'TLSv1.2',
      ciphers: CIPHERS,
      rejectUnauthorized: !this.config.insecureSkipTlsVerify,
      ...(this.config.tlsServerName && { servername: this.config.tlsServerName }),
    });
  }
}

/** All of its connections are made with the same certificates: Node.js would compare them, character by character, three times for each request. */
class OneWay extends https.Agent {
  getName({ host, port }: https.RequestOptions = {}): string {
    return `${host}:${port}`;
  }

  /** Node.js leaves out TCP's keep-alive until a connection is idle for the first time (nodejs/node#62003), which that of a watch may never be. */
  createConnection(...given: Parameters<https.Agent['createConnection']>): ReturnType<https.Agent['createConnection']> {
    const socket = super.createConnection(...given);
    if (socket instanceof Socket) socket.setKeepAlive(true, KEEP_ALIVE_MS);
    return socket;
  }
}
