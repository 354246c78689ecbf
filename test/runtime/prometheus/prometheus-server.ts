import * as http from 'http';
import * as https from 'https';
import { AddressInfo } from 'net';
import { TLSSocket } from 'tls';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: http.IncomingHttpHeaders;
  /** Whether the client showed a certificate that can be verified. */
  readonly authorized: boolean;
}

type Respond = (request: ReceivedRequest, response: http.ServerResponse) => void;

/** An HTTP server on the loopback interface that answers as it is told, and remembers what it was asked. */
export class PrometheusServer {
  static async start(respond: Respond, tls?: https.ServerOptions): Promise<PrometheusServer> {
    const server = new PrometheusServer(respond, tls);
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  readonly requests: ReceivedRequest[] = [];
  connections = 0;
  private readonly server: http.Server | https.Server;

  private constructor(private readonly respond: Respond, private readonly tls?: https.ServerOptions) {
    this.server = tls ? https.createServer(tls, this.receive) : http.createServer(this.receive);
    this.server.on('connection', () => this.connections++);
  }

  get url(): string {
    return `${this.tls ? 'https' : 'http'}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (!this.server.listening) return;
    await new Promise((resolve) => this.server.close(resolve));
  }

  private readonly receive = (request: http.IncomingMessage, response: http.ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [path, search = ''] = request.url!.split('?');
      const body = request.method === 'POST' ? Buffer.concat(chunks).toString() : search;
      const received = {
        method: request.method!,
        path,
        parameters: Object.fromEntries(new URLSearchParams(body)),
        headers: request.headers,
        authorized: (request.socket as Partial<TLSSocket>).authorized ?? false,
      };
      this.requests.push(received);
      this.respond(received, response);
    });
  };
}

export function success(data: unknown): Respond {
  return (_, response) => response.end(JSON.stringify({ status: 'success', data }));
}

export function failure(code: number, body: string): Respond {
  return (_, response) => {
    response.statusCode = code;
    response.end(body);
  };
}
