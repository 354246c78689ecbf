import * as http from 'http';
import * as https from 'https';
import { urlToHttpOptions } from 'url';
import { Clock, systemClock } from '../clock';
import { ApiError, apiErrorFrom } from './api-error';
import { boundedText } from './bounded-text';
import { ClusterConfig, Credentials } from './cluster-config';
import { ConnectionPool } from './connection-pool';
import { abortable, withDeadline } from './deadline';
import { JsonLines } from './json-lines';
import { RequestObserver } from './request-metrics';
import { sendRequest } from './send-request';
import { isSystemError, isTimeout, TransportError, transportError, TransportFailureReason } from './transport-error';

export interface ApiClientOptions {
  readonly config: ClusterConfig;
  /** Sent as User-Agent, such as `metrics-server/1.2.3 (linux/amd64)`: audit logs and API priority rules read it. */
  readonly userAgent: string;
  readonly clock?: Clock;
  readonly onAnswer?: RequestObserver;
  /** Of an answer; a longer one fails. @default 268435456 */
  readonly maxBodyBytes?: number;
}

export interface ApiRequestOptions {
  /** @default GET */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Such as `/api/v1/nodes`; names in it are already percent-encoded. */
  readonly path: string;
  /** Undefined values are left out. */
  readonly query?: ApiQuery;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default application/json */
  readonly contentType?: string;
  /** @default application/json */
  readonly accept?: string;
  /** For the whole exchange. @default 10000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Each attempt: the HTTP status, undefined when there was none. */
  readonly onAnswer?: (code: number | undefined) => void;
}

export type ApiQuery = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiStreamOptions {
  readonly path: string;
  readonly query?: ApiQuery;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** The stream fails when nothing at all arrives for so long; asked at its start, when its answer begins and at each arrival. */
  readonly idleTimeoutMs: () => number;
  /** The API server has accepted the request. */
  readonly onOpen?: () => void;
  /** One JSON value of the stream. What it throws ends the stream. */
  readonly onEvent: (event: unknown) => void;
}

const MIB = 1024 * 1024;

/**
 * A page of 500 nodes with everything in their status is below 30 MB, and servers that ignore `limit` exist. Node.js
 * cannot hold a text of more than 512 MB.
 */
const MAX_BODY_BYTES = 256 * MIB;
const MAX_ERROR_BYTES = 1 * MIB;
/** Far above what etcd lets an object be (1.5 MB). */
const MAX_LINE_BYTES = 32 * MIB;

/** The runtime's one way to kube-apiserver. Failures are an ApiError or a TransportError; when aborted, the signal's reason. */
export class ApiClient {
  private readonly config: ClusterConfig;
  private readonly clock: Clock;
  private readonly connections: ConnectionPool;
  /** Taken apart once: a kubeconfig that changes has another URL. */
  private address: Address | undefined;

  constructor(private readonly options: ApiClientOptions) {
    this.config = options.config;
    this.clock = options.clock ?? systemClock;
    this.connections = new ConnectionPool(options.config);
  }

  async request<T>(options: ApiRequestOptions): Promise<T> {
    const { timeoutMs = 10_000, signal, method = 'GET', path } = options;
    const timeout = () => this.failure('timeout', `no answer to ${method} ${path} in ${timeoutMs / 1000} s`);
    return withDeadline(this.clock, timeoutMs, timeout, signal, (deadline) => this.exchange(options, deadline, async (response) => {
      const body = await readText(response, this.options.maxBodyBytes ?? MAX_BODY_BYTES);
      try {
        return JSON.parse(body) as T;
      } catch {
        throw this.failure('protocol', `the answer to ${method} ${path} is no JSON`);
      }
    }));
  }

  /** Resolves when the server ends the stream. */
  async stream({ idleTimeoutMs, onOpen, onEvent, ...options }: ApiStreamOptions): Promise<void> {
    const { path, signal } = options;
    const silence = () => this.failure('timeout', `nothing arrived on ${path} for ${idleTimeoutMs() / 1000} s`);
    return withDeadline(this.clock, idleTimeoutMs(), silence, signal, (deadline, extend) => this.exchange(options, deadline, async (response) => {
      onOpen?.();
      extend(idleTimeoutMs());
      const lines = new JsonLines(MAX_LINE_BYTES);
      for await (const chunk of response as AsyncIterable<Buffer>) {
        for (const event of lines.push(chunk)) onEvent(event);
        extend(idleTimeoutMs());
      }
    }));
  }

  /** Ends all connections and what runs on them. */
  close(): void {
    this.connections.close();
  }

  /** Sends once, and once more with renewed credentials when the API server does not know us any longer. */
  private async exchange<T>(options: ApiRequestOptions, signal: AbortSignal, read: (response: http.IncomingMessage) => Promise<T>): Promise<T> {
    try {
      return await this.attempt(options, signal, read);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 401)) throw error;
      this.config.invalidate();
      return this.attempt(options, signal, read);
    }
  }

  private async attempt<T>(options: ApiRequestOptions, signal: AbortSignal, read: (response: http.IncomingMessage) => Promise<T>): Promise<T> {
    const credentials = await abortable(this.config.credentials(), signal);
    const answered = (code: number | undefined) => {
      options.onAnswer?.(code);
      this.options.onAnswer?.(options.method ?? 'GET', code);
    };
    try {
      const response = await this.send(options, credentials, signal).catch((error) => {
        answered(undefined);
        throw error;
      });
      const code = response.statusCode!;
      answered(code);
      if (code >= 200 && code < 300) return await read(response);
      throw apiErrorFrom(code, await readText(response, MAX_ERROR_BYTES), response.headers['retry-after']);
    } catch (error) {
      signal.throwIfAborted();
      throw isSystemError(error) ? transportError(error, this.config.server.host) : error;
    }
  }

  private send(options: ApiRequestOptions, credentials: Credentials, signal: AbortSignal): Promise<http.IncomingMessage> {
    const { method = 'GET', body } = options;
    const { protocol, hostname, port, auth, prefix } = this.addressOf(this.config.server);
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const open = () => {
      signal.throwIfAborted();
      const request = (protocol === 'http:' ? http : https).request({
        protocol,
        hostname,
        port,
        auth,
        method,
        path: prefix + pathOf(options),
        headers: this.headers(options, credentials, payload),
        agent: this.connections.agentFor(credentials),
      });
      const abort = () => {
        // Where this connection leads, those that wait beside it may lead too: the next request makes a new one.
        if (isTimeout(signal.reason)) this.connections.closeIdle();
        request.destroy(signal.reason as Error);
      };
      signal.addEventListener('abort', abort);
      request.once('close', () => signal.removeEventListener('abort', abort));
      return request;
    };
    return sendRequest(open, payload, method === 'GET');
  }

  private failure(reason: TransportFailureReason, problem: string): TransportError {
    return new TransportError(reason, `API server ${this.config.server.host}: ${problem}`);
  }

  private addressOf(server: URL): Address {
    if (this.address?.server === server) return this.address;
    const { protocol, hostname, port, auth } = urlToHttpOptions(server);
    this.address = { server, protocol, hostname, port, auth, prefix: server.pathname.replace(/\/$/, '') };
    return this.address;
  }

  private headers({ accept = JSON_TYPE, contentType = JSON_TYPE }: ApiRequestOptions, credentials: Credentials, payload: Buffer | undefined) {
    const authorization = authorizationOf(credentials);
    return {
      'Accept': accept,
      'User-Agent': this.options.userAgent,
      ...(payload && { 'Content-Type': contentType, 'Content-Length': payload.length }),
      ...(authorization && { Authorization: authorization }),
    };
  }
}

interface Address extends Pick<https.RequestOptions, 'protocol' | 'hostname' | 'port' | 'auth'> {
  readonly server: URL;
  /** Before all paths. */
  readonly prefix: string;
}

function pathOf({ path, query = {} }: ApiRequestOptions): string {
  const parameters = new URLSearchParams();
  for (const key in query) if (query[key] !== undefined) parameters.set(key, String(query[key]));
  return parameters.size === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${parameters}`;
}

const JSON_TYPE = 'application/json';

function authorizationOf({ bearerToken, basic }: Credentials): string | undefined {
  if (bearerToken) return `Bearer ${bearerToken}`;
  return basic && `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`;
}

function readText(response: http.IncomingMessage, maxBytes: number): Promise<string> {
  return boundedText(response, maxBytes, () => new TransportError('protocol', `the API server sent a body of more than ${maxBytes} bytes`));
}
