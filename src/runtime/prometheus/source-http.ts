import * as http from 'http';
import * as https from 'https';
import { ByteRoom } from './byte-room';
import { SourceAccess } from './source-access';
import { SourceConfiguration } from './source-configuration';
import { NotPrometheusError, SourceError, SourceFailureReason } from './source-error';
import { Clock } from '../clock';
import { ApiStatus } from '../cluster/api-error';
import { boundedText } from '../cluster/bounded-text';
import { Credentials } from '../cluster/cluster-config';
import { ConnectionPool } from '../cluster/connection-pool';
import { Suspend, withDeadline } from '../cluster/deadline';
import { sendRequest } from '../cluster/send-request';
import { isSystemError, transportFailure } from '../cluster/transport-error';

/** What is asked of a source. */
export interface SourceRequest {
  /** `/api/v1/query`; without parameters, it may have a query of its own. */
  readonly path: string;
  readonly parameters?: URLSearchParams;
  /** Whether others are asked for too: that this one is not there says nothing of the source. @default false */
  readonly isOneOfMany?: boolean;
  /** For messages: `query: sum(up)`. */
  readonly asked: string;
  /** For the whole exchange from when there is a connection for it, but for what `read` suspends it. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Where, for a source that is at several places. @default the URL of the configuration */
  readonly url?: URL;
}

interface Attempt extends SourceRequest {
  readonly suspend: Suspend;
}

/** Longer URLs are refused by servers and proxies; Node.js itself takes 16 KiB of request line and headers. */
const MAX_URL_LENGTH = 2048;
const MAX_ERROR_BYTES = 64 * 1024;
/** What Prometheus says by `errorType` of a query, rather than of itself. */
const REFUSALS: Readonly<Record<string, SourceFailureReason>> = { bad_data: 'query', execution: 'query', timeout: 'query-timeout' };
/** What codes without words say of a question: that it is too long, or that there is nothing at its path. */
const TOO_LONG = [413, 414, 431];
const NO_SUCH_PATH = [400, 404, 405, 406, 410, 422];
const FORM = 'application/x-www-form-urlencoded';

/** The way to one source: kept-alive connections, credentials, deadline, failures in words. */
export class SourceHttp {
  private readonly access: SourceAccess;
  private readonly connections: ConnectionPool;

  constructor(private readonly configuration: SourceConfiguration, private readonly clock: Clock, private readonly userAgent: string) {
    this.access = new SourceAccess(configuration, clock);
    this.connections = new ConnectionPool(this.access);
  }

  /** `read` gets the answer to a request that succeeded, and may suspend its deadline; what it throws is said of the answer. @throws SourceError, or the signal's reason */
  async request<T>(request: SourceRequest, read: (response: http.IncomingMessage, suspend: Suspend) => Promise<T>): Promise<T> {
    const { timeoutMs, asked } = request;
    const timeout = () => new SourceError(this.configuration.name, 'timeout', `no answer in ${timeoutMs / 1000} s`, asked);
    return withDeadline(this.clock, timeoutMs, timeout, request.signal, async (signal, _, suspend) => {
      const attempt = () => this.attempt({ ...request, signal, suspend }, (response) => read(response, suspend));
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof SourceError && error.code === 401)) throw error;
        this.access.invalidate();
        return attempt();
      }
    });
  }

  close(): void {
    this.connections.close();
  }

  private async attempt<T>(request: Attempt, read: (response: http.IncomingMessage) => Promise<T>): Promise<T> {
    const { signal } = request;
    const credentials = await this.credentials(request);
    try {
      const response = await this.send(request, credentials);
      const code = response.statusCode!;
      if (code !== 200) throw await this.refusal(request, response, code);
      return await read(response).catch((error: Error) => {
        throw isSystemError(error) ? error : this.error(request, error instanceof NotPrometheusError ? 'protocol' : 'answer', error.message);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof SourceError ? error : this.error(request, 'transport', transportFailure(error).problem);
    }
  }

  private async credentials(request: SourceRequest): Promise<Credentials> {
    try {
      this.access.certificateAuthority();
      return await this.access.credentials();
    } catch (error) {
      const { path, code, message } = error as NodeJS.ErrnoException;
      throw this.error(request, 'credentials', path === undefined ? message : `${path} cannot be read (${code})`);
    }
  }

  private send(request: Attempt, credentials: Credentials): Promise<http.IncomingMessage> {
    const { url: base = this.configuration.url } = request;
    const { verb } = this.configuration;
    const url = new URL(base.pathname.replace(/\/$/, '') + request.path, base);
    const parameters = request.parameters?.toString();
    const post = parameters !== undefined && (verb === 'POST' || verb === undefined && url.href.length + parameters.length > MAX_URL_LENGTH);
    if (parameters !== undefined && !post) url.search = parameters;
    const open = () => {
      const sent = (url.protocol === 'http:' ? http : https).request(url, {
        method: post ? 'POST' : 'GET',
        headers: this.headers(credentials, post ? Buffer.byteLength(parameters) : undefined),
        agent: this.connections.agentFor(credentials),
        signal: request.signal,
      });
      // That many others are asked at the same time is not the fault of this one.
      request.suspend(new Promise<void>((resolve) => sent.once('socket', () => resolve())));
      return sent;
    };
    return sendRequest(open, post ? parameters : undefined, true);
  }

  private headers({ bearerToken, basic }: Credentials, contentLength: number | undefined): http.OutgoingHttpHeaders {
    const password = basic && Buffer.from(`${basic.username}:${basic.password}`).toString('base64');
    return {
      'Accept': 'application/json',
      'User-Agent': this.userAgent,
      ...this.configuration.headers,
      ...(contentLength !== undefined && { 'Content-Type': FORM, 'Content-Length': contentLength }),
      ...(bearerToken && { Authorization: `Bearer ${bearerToken}` }),
      ...(password && { Authorization: `Basic ${password}` }),
    };
  }

  /** Prometheus says why in JSON, Kubernetes by a Status; a proxy in front of them says what it likes. */
  private async refusal(request: SourceRequest, response: http.IncomingMessage, code: number): Promise<SourceError> {
    const text = await boundedText(response, MAX_ERROR_BYTES, () => new Error('too long')).catch(() => '');
    const { errorType, error, kind, message } = parsed(text);
    if (typeof errorType === 'string' && typeof error === 'string') {
      return this.error(request, REFUSALS[errorType] ?? 'unavailable', `${errorType}: ${firstLine(error)}`, code);
    }
    const location = code >= 300 && code < 400 ? `; it points to ${printableUrl(response.headers.location)}, correct url` : '';
    const reason = reasonOf(request, code);
    if (kind === 'Status' && typeof message === 'string') return this.error(request, reason, firstLine(message), code, parsed(text));
    return this.error(request, reason, `${http.STATUS_CODES[code] ?? 'unknown status'}${location}`, code);
  }

  private error({ asked }: SourceRequest, reason: SourceFailureReason, problem: string, code?: number, status?: ApiStatus): SourceError {
    return new SourceError(this.configuration.name, reason, problem, asked, code, status);
  }
}

/** How much of an answer is held. */
export interface HeldBounds {
  readonly maxBytes: number;
  /** For all that is held at the same time. */
  readonly room: ByteRoom;
  /** What to do about an answer that is too long: `; ask for fewer series`. */
  readonly mend?: string;
}

/** What `read` makes of the whole answer, which takes room until then; none of its time passes while others have the room. @throws Error for one that is too long */
export function readHeld<T>(
  response: http.IncomingMessage, suspend: Suspend, { maxBytes, room, mend = '' }: HeldBounds, read: (text: string) => T,
): Promise<T> {
  const tooLong = () => new Error(`the answer has more than ${maxBytes} bytes${mend}`);
  return room.run(async (grow) => read(await boundedText(response, maxBytes, tooLong, (bytes) => {
    const turn = grow(bytes);
    if (turn) suspend(turn);
    return turn;
  })));
}

function reasonOf({ isOneOfMany = false }: SourceRequest, code: number): SourceFailureReason {
  if (code === 401 || code === 403) return 'unauthorized';
  return TOO_LONG.includes(code) || isOneOfMany && NO_SUCH_PATH.includes(code) ? 'query' : 'unavailable';
}

/** Of Prometheus, or a Status of Kubernetes. */
interface Refusal extends ApiStatus {
  readonly errorType?: unknown;
  readonly error?: unknown;
  readonly kind?: unknown;
}

function parsed(text: string): Refusal {
  try {
    return (JSON.parse(text) ?? {}) as Refusal;
  } catch {
    return {};
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0].slice(0, 500);
}

/** Without what may be secret. */
function printableUrl(location: string | undefined): string {
  return location?.split(/[?#]/, 1)[0].slice(0, 200) ?? 'nowhere';
}
