import { IncomingMessage, ServerResponse } from 'node:http';
import { ServerHttp2Stream } from 'node:http2';
import { RequestHeaders } from './authentication/request-headers';
import { Connection } from './connection';
import { allowOrigin, OriginPattern } from './cors';
import { commonHeaders } from './exchange';
import { MAX_HEADERS } from './http-server';
import { Shutdown } from './shutdown';

/** A request and its response. The compatibility API gives those of HTTP/2 the shape of HTTP/1.1's. */
export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Of HTTP/2. */
  readonly stream?: ServerHttp2Stream;
  readonly connection: Connection;
}

/** True when it has answered the request, or cut it off. */
export type HttpFilter = (exchange: HttpExchange) => boolean;

export interface HttpFilterOptions {
  /** Whether a client of HTTP/2 that asks now shall connect anew, and so find other replicas. @default never */
  readonly sendsGoaway?: () => boolean;
  /** Value of the Strict-Transport-Security header. @default none */
  readonly strictTransportSecurity?: string;
  /** Origins whose browser pages may ask. @default none */
  readonly corsAllowedOrigins?: readonly OriginPattern[];
}

/** Requests that a client of HTTP/1.1 may send without waiting for answers. Hardly any client sends two. */
const MAX_PIPELINED = 100;

/** As k8s.io/apiserver says it. */
const RETRY_AFTER = { 'retry-after': '5', 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
const SHUTTING_DOWN = 'The apiserver is shutting down, please try again later.\n';

/** What HTTP settles before anybody looks at what is asked for, and by whom. The first that answers is the last that is asked. */
export function httpFilters(
  { sendsGoaway, strictTransportSecurity, corsAllowedOrigins }: HttpFilterOptions, shutdown: Shutdown,
): readonly HttpFilter[] {
  return [
    boundPipeline,
    goaway(sendsGoaway),
    hsts(strictTransportSecurity),
    endOfConnection(shutdown),
    boundHeaders,
    ping,
    cors(corsAllowedOrigins),
    retryAfter(shutdown),
  ];
}

const boundPipeline: HttpFilter = ({ request, stream, connection }) => {
  if (stream || connection.requestsUnderWay <= MAX_PIPELINED) return false;
  request.socket.destroy();
  return true;
};

const goaway = (sendsGoaway: () => boolean = () => false): HttpFilter => ({ stream, connection }) => {
  if (stream && sendsGoaway()) connection.end();
  return false;
};

const hsts = (value: string | undefined): HttpFilter => ({ response }) => {
  if (value) response.setHeader('strict-transport-security', value);
  return false;
};

/** HTTP/2 says it by itself. */
const endOfConnection = (shutdown: Shutdown): HttpFilter => ({ response, stream, connection }) => {
  if (!stream && (shutdown.hasBegun || connection.isEnding)) response.setHeader('connection', 'close');
  return false;
};

/** HTTP/2 has refused them before. */
const boundHeaders: HttpFilter = ({ request, response, stream }) => {
  if (stream || request.rawHeaders.length <= 2 * MAX_HEADERS) return false;
  response.writeHead(431, { connection: 'close' }).end();
  return true;
};

/** Whether anybody is there, which net/http answers before any server of Go's hears of it. */
const ping: HttpFilter = ({ request, response }) => {
  if (request.method !== 'OPTIONS' || request.url !== '*') return false;
  response.writeHead(200, { 'content-length': '0' }).end();
  return true;
};

const cors = (origins: readonly OriginPattern[] = []): HttpFilter => ({ request, response }) => {
  if (!allowOrigin(origins, request.method, request.headers.origin, response)) return false;
  response.writeHead(204, commonHeaders(new RequestHeaders(request.rawHeaders))).end();
  return true;
};

const retryAfter = (shutdown: Shutdown): HttpFilter => ({ request, response, connection }) => {
  if (!shutdown.refuses(request.url ?? '')) return false;
  connection.end();
  response.writeHead(429, RETRY_AFTER).end(SHUTTING_DOWN);
  return true;
};
