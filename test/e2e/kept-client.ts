import { ClientHttp2Session, connect, OutgoingHttpHeaders } from 'http2';
import { Agent, request } from 'https';
import { gunzipSync } from 'zlib';
import { ReceivedAnswer, RESET } from '../conformance/compared-answer';

export interface Asked {
  readonly method: string;
  readonly path: string;
  /** A name may come twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export type Protocol = 'http1' | 'http2';

/** What only HTTP/1.1 has. */
const OF_CONNECTIONS = ['connection', 'upgrade'];
/** Servers on Node.js 20 leave out headers of HTTP/2 that begin or end with a space. */
const TAKES_SPACES = Number(process.versions.node.split('.')[0]) >= 24;
const AUTHORITY = 'metrics-server';

/** Asks one server on this machine, over connections that are kept. */
export class KeptClient {
  private readonly agent: Agent;
  private session: ClientHttp2Session | undefined;

  constructor(private readonly port: number, private readonly identity: { readonly cert?: Buffer; readonly key?: Buffer }) {
    this.agent = new Agent({ keepAlive: true, rejectUnauthorized: false, ...identity });
  }

  public close(): void {
    this.agent.destroy();
    this.session?.destroy();
  }

  /** By that protocol, unless it lacks a header that is asked with. */
  public ask(asked: Asked, protocol: Protocol = 'http1'): Promise<ReceivedAnswer> {
    const isHttp2 = protocol === 'http2'
      && asked.headers.every(([name, value]) => !OF_CONNECTIONS.includes(name.toLowerCase()) && (TAKES_SPACES || value === value.trim()));
    return isHttp2 ? this.http2(asked) : this.http1(asked);
  }

  private http1(asked: Asked): Promise<ReceivedAnswer> {
    const { method, path, headers } = asked;
    return new Promise((resolve, reject) => {
      // An array keeps names that come twice. Without a Host of its own there would be none.
      const named = ['Host', AUTHORITY, ...headers.flat()] as never;
      const outgoing = request({ host: '127.0.0.1', port: this.port, agent: this.agent, path, method, headers: named }, (response) => {
        const chunks: Buffer[] = [];
        const end = () => resolve(answer(response.statusCode!, response.headers, chunks));
        // Go's server answers HEAD of a URL that it cannot read with a body, at which Node's client stumbles: nobody asks on that connection again.
        if (method === 'HEAD') {
          end();
          outgoing.destroy();
        }
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject).on('end', end);
      });
      // A server may close a connection just as it is used again.
      outgoing.on('error', (error) => outgoing.reusedSocket ? this.http1(asked).then(resolve, reject) : reject(error));
      outgoing.end();
    });
  }

  private http2({ method, path, headers }: Asked): Promise<ReceivedAnswer> {
    return new Promise((resolve, reject) => {
      const stream = this.openSession(reject).request({ ':method': method, ':path': path, ':authority': AUTHORITY, ...grouped(headers) });
      let received: Record<string, unknown> = {};
      const chunks: Buffer[] = [];
      stream.on('response', (head) => { received = head; });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', (error: NodeJS.ErrnoException) => error.code === 'ERR_HTTP2_STREAM_ERROR' ? resolve(answer(RESET, {}, [])) : reject(error));
      stream.on('end', () => {
        const { ':status': status, ...rest } = received;
        resolve(answer(status as number, rest as ReceivedAnswer['headers'], chunks));
      });
      stream.end();
    });
  }

  private openSession(onError: (error: Error) => void): ClientHttp2Session {
    if (this.session === undefined || this.session.closed || this.session.destroyed) {
      this.session = connect(`https://127.0.0.1:${this.port}`, { rejectUnauthorized: false, ...this.identity }).on('error', onError);
    }
    return this.session;
  }
}

/** As node:http2 wants names that come twice. */
function grouped(headers: Asked['headers']): OutgoingHttpHeaders {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) values.set(name.toLowerCase(), [...values.get(name.toLowerCase()) ?? [], value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
}

function answer(status: number, headers: ReceivedAnswer['headers'], chunks: readonly Buffer[]): ReceivedAnswer {
  const body = Buffer.concat(chunks);
  return { status, headers, body: headers['content-encoding'] === 'gzip' && body.length > 0 ? gunzipSync(body) : body };
}
