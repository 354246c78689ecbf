import { cpuUs, timing, Timing } from './cpu-time';
import { LoneKubelet } from './lone-kubelet';
import { KubeletSocket, KubeletSocketTls } from '../../../src/runtime/scrape/kubelet-socket';
import { KubeletTls } from '../../../src/runtime/scrape/kubelet-tls';

const ROUNDS = 7;
const HANDSHAKES = 200;

/** CPU time of the runtime from nothing to a connection on which a kubelet can be asked, its certificate verified, no session resumed. */
export async function measureHandshake({ host, port, ca }: LoneKubelet): Promise<Timing> {
  const tls = new KubeletTls({ insecureSkipVerify: false, certificateAuthority: () => ca });
  const once = async () => connect(host, port, {
    context: tls.context(undefined), session: undefined, rejectUnauthorized: tls.rejectUnauthorized, serverNames: () => [host],
  });
  const us: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < HANDSHAKES; i++) await once();
    us.push(cpuUs(before) / HANDSHAKES);
  }
  // The first is for the compiler.
  return timing(us.slice(1));
}

function connect(host: string, port: number, tls: KubeletSocketTls): Promise<void> {
  return new Promise((resolve, reject) => {
    const ignore = () => undefined;
    const socket: KubeletSocket = new KubeletSocket({ address: { host, port, hostPort: `${host}:${port}` }, proxy: undefined, tls }, {
      connected: ignore,
      certificate: ignore,
      session: ignore,
      received: ignore,
      ready: () => {
        socket.destroy();
        resolve();
      },
      broken: (error) => reject(error ?? new Error('closed')),
    });
  });
}
