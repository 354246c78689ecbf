import { AddressInfo, Server, Socket, createServer as createTcpServer } from 'node:net';
import { SecureVersion, TLSSocket, createServer as createTlsServer } from 'node:tls';
import { NodeRecord } from '../../../src/runtime/cluster/node';
import { Identity } from '../../simulated-cluster/pki';
import { nodeRecordOf } from '../cluster/node-record';

/** What happens on a connection once a whole request has been read. */
export type Answer = (socket: Socket, request: string, requestOfConnection: number) => void;

export interface LoopbackKubeletOptions {
  /** Asks for a client certificate. */
  readonly clientCa?: string;
  readonly maxVersion?: SecureVersion;
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** @default 0 any free one */
  readonly port?: number;
}

/** Listens on a loopback address and answers raw bytes, right or wrong. */
export class LoopbackKubelet {
  static async start(identity: Identity | undefined, answer: Answer, options: LoopbackKubeletOptions = {}): Promise<LoopbackKubelet> {
    const kubelet = new LoopbackKubelet(identity, answer, options);
    await new Promise<void>(resolve => kubelet.server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve));
    return kubelet;
  }

  readonly requests: string[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
  resumed = 0;
  private readonly server: Server;

  private constructor(identity: Identity | undefined, public answer: Answer, options: LoopbackKubeletOptions) {
    const handle = (socket: Socket) => this.handle(socket);
    this.server = identity
      ? createTlsServer({
        cert: identity.certificate,
        key: identity.key,
        ca: options.clientCa,
        requestCert: options.clientCa !== undefined,
        rejectUnauthorized: false,
        ALPNProtocols: ['h2', 'http/1.1'],
        maxVersion: options.maxVersion,
        // Whatever its certificate is.
        ciphers: 'DEFAULT@SECLEVEL=0',
      }, handle)
      : createTcpServer(handle);
    this.server.on('connection', socket => {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.server.on('tlsClientError', () => {});
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** A Node whose kubelet this is. */
  node(name = 'node-1', address = '127.0.0.1'): NodeRecord {
    return nodeRecordOf(name, { addresses: [{ type: 'InternalIP', address }], kubeletPort: this.port });
  }

  dropConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.dropConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  private handle(socket: Socket): void {
    this.connections++;
    if (socket instanceof TLSSocket && socket.isSessionReused()) this.resumed++;
    socket.on('error', () => {});
    let received = '';
    let requests = 0;
    socket.on('data', chunk => {
      received += chunk.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const request = received.slice(0, end);
        received = received.slice(end + 4);
        this.requests.push(request);
        this.answer(socket, request, ++requests);
      }
    });
  }
}

export const PAGE = 'node_cpu_usage_seconds_total 1 1700000000000\nnode_memory_working_set_bytes 2 1700000000000\n';

export function ok(body: string | Buffer, ...headers: string[]): string {
  return [`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}`, ...headers, '', body.toString('latin1')].join('\r\n');
}

export const answerPage: Answer = socket => socket.write(ok(PAGE));
