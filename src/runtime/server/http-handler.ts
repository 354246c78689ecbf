import { IncomingMessage, ServerResponse } from 'node:http';
import { constants, ServerHttp2Stream } from 'node:http2';
import { TLSSocket } from 'node:tls';
import { peerCertificatesOf } from './authentication/peer-certificates';
import { Connections } from './connections';
import { HttpExchange, HttpFilter } from './http-filters';
import { RequestHandler } from './request-handler';
import { requestText } from './request-text';
import { SendDeadline } from './send-deadline';
import { Shutdown } from './shutdown';
import { Clock } from '../clock';

export interface HttpHandlerOptions {
  readonly connections: Connections;
  readonly shutdown: Shutdown;
  readonly filters: readonly HttpFilter[];
  readonly handler: RequestHandler;
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

/** Takes a request from its connection through the filters of HTTP, and sees that it ends. */
export class HttpHandler {
  /** Requests that are not done with, be their connections gone. */
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly options: HttpHandlerOptions) {}

  serve(request: IncomingMessage, response: ServerResponse): void {
    const { clock, connections, filters, handler, requestTimeoutMs, shutdown } = this.options;
    const { stream } = request as { stream?: ServerHttp2Stream };
    const connection = connections.of(request);
    request.on('error', () => {});
    response.on('error', () => {});
    const text = request.method === 'PUT' ? requestText(request) : undefined;
    request.resume();
    if (!connection) return;
    const deadline = new SendDeadline(response, clock, requestTimeoutMs);
    const stopCounting = shutdown.requestBegun(request.url ?? '');
    const end = connection.requestBegun(() => {
      deadline.end();
      stopCounting();
    });
    response.once('close', end);
    // A client that never ends its request must not keep the stream for it.
    stream?.once('finish', () => request.complete || stream.close(constants.NGHTTP2_NO_ERROR));
    const exchange: HttpExchange = { request, response, stream, connection };
    if (filters.some((answers) => answers(exchange))) return;
    const handle = async () => {
      const peer = () => peerCertificatesOf((stream?.session?.socket ?? request.socket) as TLSSocket);
      await handler.handle(request, response, { recognized: (owner) => connection.recognized(owner), peer, deadline, text });
      deadline.answered();
      connection.answered(end);
    };
    // Node.js reads on while requests are under way, and gives a response its socket when all before it are sent.
    if (stream || response.socket) this.follow(handle());
    else response.once('socket', () => this.follow(handle()));
  }

  /** Resolves when all requests so far are done with. */
  async handled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private follow(handled: Promise<void>): void {
    this.underWay.add(handled);
    void handled.finally(() => this.underWay.delete(handled));
  }
}
