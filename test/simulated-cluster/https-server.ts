import { IncomingMessage, ServerResponse } from 'node:http';
import * as http2 from 'node:http2';
import { AddressInfo, Socket } from 'node:net';
import { SecureContextOptions } from 'node:tls';
import { Identity } from './pki';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface HttpsServerProps {
  readonly identity: Identity;
  /** CA that client certificates are verified against. */
  readonly clientCa: string;
  readonly host: string;
  readonly port?: number;
  readonly handler: Handler;
}

/** A server for HTTP/2 and HTTP/1.1 that asks for a client certificate and does not insist on it. */
export class HttpsServer {
  public static async listen(props: HttpsServerProps): Promise<HttpsServer> {
    const server = http2.createSecureServer({
      allowHTTP1: true,
      requestCert: true,
      rejectUnauthorized: false,
      ca: props.clientCa,
      cert: props.identity.certificate,
      key: props.identity.key,
    }, (request, response) => {
      // Both protocols share this interface as far as it is used here.
      void props.handler(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(props.port ?? 0, props.host, resolve);
    });
    return new HttpsServer(server);
  }

  public readonly host: string;
  public readonly port: number;
  /** Of TCP: one in its handshake would otherwise be open when the server is closed, which waits for it. */
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: http2.Http2SecureServer) {
    const { address, port } = server.address() as AddressInfo;
    this.host = address;
    this.port = port;
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.on('secureConnection', (socket) => socket.on('error', () => undefined));
    // A client that breaks off is the client's business.
    server.on('sessionError', () => undefined).on('tlsClientError', () => undefined);
  }

  /** Shows another certificate to connections from now on, and ends those there are. */
  public setIdentity(identity: Identity, options: SecureContextOptions): void {
    this.server.setSecureContext({ ...options, cert: identity.certificate, key: identity.key });
    this.disconnect();
  }

  public disconnect(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  public async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.disconnect();
    await closed;
  }
}
