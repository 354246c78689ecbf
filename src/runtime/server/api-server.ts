import { constants } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { constants as http2, createSecureServer, Http2SecureServer, ServerHttp2Stream } from 'node:http2';
import { AddressInfo, isIPv6 } from 'node:net';
import { createSecureContext, SecureContextOptions, TLSSocket } from 'node:tls';
import { Clock, Stop } from '../clock';
import { AnswerRoom, MAX_UNREAD_BYTES } from './answer-room';
import { Logger } from '../telemetry/logger';
import { Auditor } from './audit/auditor';
import { AuthenticatorChain } from './authentication/authenticator';
import { certificatesIn } from '../cluster/certificates-in';
import { keepVerifiedPeer, peerCertificatesOf } from './authentication/peer-certificates';
import { trustedForClients } from './authentication/trusted-certificate';
import { Authorizer } from './authorization/authorizer';
import { GRACE_MS, IDLE_TIMEOUT_MS } from './connection';
import { ConnectionRoom, MAX_CONNECTIONS } from './connection-room';
import { Connections } from './connections';
import { allowOrigin } from './cors';
import { Discovery } from './discovery';
import { GroupVersion } from './group-version';
import { HealthEndpoints } from './health';
import { HealthChecks } from './health-check';
import { ContextOfName, contextsByName, NamedCertificate } from './named-certificates';
import { OpenApi } from './openapi/openapi';
import { Paging } from './paging';
import { RecurringLog } from './recurring-log';
import { Deadline, RequestHandler } from './request-handler';
import { requestText } from './request-text';
import { Page, Router } from './router';
import { ServerMetrics } from './server-metrics';
import { versionInfo } from './version';

export interface ApiServerOptions {
  /** The preferred version of each group first. */
  readonly groupVersions: readonly GroupVersion[];
  readonly healthChecks: HealthChecks;
  /** Pages beside the API, by path: /metrics, for example. Authorized like everything else. */
  readonly pages?: Readonly<Record<string, Page>>;
  /** Answers lists in parts. @default they are answered whole */
  readonly paging?: Paging;
  /** What OpenAPI calls the server. */
  readonly title: string;
  /** `v1.2.3` */
  readonly version: string;
  readonly authenticator: AuthenticatorChain;
  readonly authorizer: Authorizer;
  readonly metrics: ServerMetrics;
  /** @default requests are not audited */
  readonly auditor?: Auditor;
  readonly tls?: ServerTls;
  readonly http2?: ServerHttp2;
  /** Host that discovery names as the server's. @default none */
  readonly externalHostname?: string;
  /** More requests at the same time are answered 429. 0 for no limit. */
  readonly maxRequestsInFlight: number;
  /** The same for requests other than reading. @default no limit */
  readonly maxMutatingRequestsInFlight?: number;
  /** Whether a client of HTTP/2 that asks now shall connect anew, and so find other replicas. @default never */
  readonly sendsGoaway?: () => boolean;
  /** Value of the Strict-Transport-Security header. @default none */
  readonly strictTransportSecurity?: string;
  /** Origins whose browser pages may ask. @default none */
  readonly corsAllowedOrigins?: readonly RegExp[];
  readonly requestTimeoutMs: number;
  /** Time from now in which /livez passes. @default 0 */
  readonly livezGracePeriodMs?: number;
  /** While requests are under way, `close` goes on listening and answers further ones 429. @default false */
  readonly sendsRetryAfter?: boolean;
  /** Above it, connections of strangers are closed, then unused ones. @default 256 */
  readonly maxConnections?: number;
  /** Where more of answers is not read yet, those whose clients take nothing are cut off, and others wait. @default 32 MiB */
  readonly maxUnreadBytes?: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** In OpenSSL's terms; what is undefined is left to it. */
export interface ServerTls {
  /** @default 'TLSv1.2' */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly ciphers?: string;
  readonly curves?: string;
}

export interface ServerHttp2 {
  /** Serve HTTP/1.1 only. @default false */
  readonly disabled?: boolean;
  /** Requests at the same time. @default 100 */
  readonly maxStreamsPerConnection?: number;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Lets others listen there too, from Node.js 22.12 on. @default false */
  readonly reusePort?: boolean;
}

/** A certificate with its intermediates, and its key, both PEM. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Limits of k8s.io/apiserver. */
const HEADER_TIMEOUT_MS = 32_000;
const MAX_HEADER_BYTES = 1024 * 1024;
const DEFAULT_MAX_STREAMS = 100;

/**
 * Of HTTP/2. nghttp2 ends a connection, with all that is under way on it, for one header of 64 KiB; clients that respect the
 * limit, as Go's does, fail the one request, and of those that do not only the stream is reset.
 */
const MAX_HEADER_LIST_BYTES = 60 * 1024;

/** A user of kube-apiserver brings a header for each group. */
const MAX_HEADERS = 2000;

/** Requests that a client of HTTP/1.1 may send without waiting for answers. Hardly any client sends two. */
const MAX_PIPELINED = 100;

/** How often a server that shuts down looks whether requests are under way; what they leave in buffers is sent by then. */
const DRAIN_CHECK_MS = 1000;

/** Asked for to the last: of probes and metrics, a shutdown would be news. */
const ALWAYS_SERVED = /^\/(?:livez|readyz|healthz|metrics)/;

/** As k8s.io/apiserver says it. */
const RETRY_AFTER = { 'retry-after': '5', 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
const SHUTTING_DOWN = 'The apiserver is shutting down, please try again later.\n';

/** Serves APIs over HTTP/2 and HTTP/1.1 with TLS: what every extension API server needs, and nothing about any one API. */
export class ApiServer {
  private readonly server: Http2SecureServer;
  private readonly handler: RequestHandler;
  private readonly connections: Connections;
  private servingCertificate: ServingCertificate | undefined;
  /** By their place among those that are given. */
  private namedCertificates: ReadonlyMap<number, NamedCertificate> = new Map();
  private contextOfName?: ContextOfName;
  /** One certificate each. */
  private clientCas: readonly string[] = [];
  private shuttingDown = false;
  private refusing = false;
  /** Requests under way that would be refused now. Counted only where they may be. */
  private underWay = 0;

  constructor(private readonly options: ApiServerOptions) {
    const {
      clock, groupVersions, healthChecks, externalHostname = '', livezGracePeriodMs = 0, logger, maxConnections = MAX_CONNECTIONS,
      maxUnreadBytes = MAX_UNREAD_BYTES, pages = {}, paging, title, version,
    } = options;
    const startedMs = clock.monotonic();
    const shutdown = { name: 'shutdown', told: 'process is shutting down', check: () => this.shuttingDown ? 'the process is shutting down' : undefined };
    const router = new Router({
      groupVersions,
      discovery: new Discovery(groupVersions, () => `${bracketed(externalHostname)}:${this.port}`),
      openapi: new OpenApi(groupVersions, { title, version }),
      health: new HealthEndpoints(healthChecks, shutdown, logger, () => clock.monotonic() - startedMs < livezGracePeriodMs),
      version: versionInfo(version),
      pages,
      paging,
    });
    const tooMuch = new RecurringLog(clock, (mend) => logger.warn('Clients leave too much unread; ending answers that nobody takes anything of', { maxBytes: maxUnreadBytes, mend }));
    const answers = new AnswerRoom(clock, maxUnreadBytes, () => {
      options.metrics.answerCutOff();
      tooMuch.log('find who asks for long lists and does not read them');
    });
    options.metrics.followUnreadAnswers(() => answers.unreadBytes);
    this.handler = new RequestHandler({ ...options, router, room: answers });
    const tooMany = new RecurringLog(clock, (mend) => logger.warn('Too many connections; closing those of strangers first', { max: maxConnections, mend }));
    const room = new ConnectionRoom(maxConnections, () => {
      options.metrics.connectionClosedForRoom();
      tooMany.log('find who opens them, and keep others out by a NetworkPolicy');
    });
    this.server = this.createServer();
    this.connections = new Connections(this.server, { room, onClosedForResets: () => options.metrics.connectionClosedForResets(), clock });
  }

  /** Serves on all addresses of both families when the host is `0.0.0.0` or `::`. */
  async listen({ host, ...others }: ListenAddress): Promise<AddressInfo> {
    if (host !== '0.0.0.0' && host !== '::') return this.bind({ host, ...others });
    try {
      return await this.bind({ host: '::', ...others });
    } catch (error) {
      // Machines without IPv6.
      if (!['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      return this.bind({ host: '0.0.0.0', ...others });
    }
  }

  /** For connections from now on. Throws, and keeps the one before, when certificate and key cannot be used. */
  setServingCertificate(certificate: ServingCertificate): void {
    this.setSecureContext(certificate, this.clientCas);
    this.servingCertificate = certificate;
  }

  /**
   * For connections from now on whose client asks for one of its names. Throws, and keeps the one before at this place, when
   * certificate and key cannot be used.
   */
  setNamedCertificate(place: number, certificate: NamedCertificate): void {
    const namedCertificates = new Map(this.namedCertificates).set(place, certificate);
    this.contextOfName = this.contextsByName(namedCertificates, this.clientCas);
    this.namedCertificates = namedCertificates;
  }

  /**
   * CAs of all certificates that clients may show, each PEM text holding one or more; who a client is, is decided by the
   * authenticators. Connections whose certificates were judged by other CAs end, so that clients come back and are judged anew.
   */
  setClientCas(pems: readonly string[]): void {
    const clientCas = [...new Set(pems.flatMap(certificatesIn).map(trustedForClients))].sort();
    if (clientCas.join() === this.clientCas.join()) return;
    this.setSecureContext(this.servingCertificate, clientCas);
    this.clientCas = clientCas;
    this.connections.end();
  }

  /** /readyz fails from now on, so that clients go elsewhere; everything is still served. */
  beginShutdown(): void {
    this.shuttingDown = true;
  }

  /** Takes no more connections, lets requests end for so long, and cuts off what is left. */
  async close(drainMs: number): Promise<void> {
    this.beginShutdown();
    const drainLeftMs = this.options.sendsRetryAfter ? await this.refuse(drainMs) : drainMs;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.connections.end();
    let stopTimer: Stop = () => {};
    const drain = (leftMs: number): void => {
      stopTimer = this.options.clock.after(Math.min(leftMs, DRAIN_CHECK_MS), () => {
        if (this.connections.areBusy && leftMs > DRAIN_CHECK_MS) return drain(leftMs - DRAIN_CHECK_MS);
        // Without a request these are handshakes, and connections on which nothing was ever asked.
        this.connections.destroy();
      });
    };
    drain(drainLeftMs);
    await closed;
    stopTimer();
  }

  /** Refuses requests until none is under way any more, for so long at most. Returns what is left of that. */
  private async refuse(leftMs: number): Promise<number> {
    this.refusing = true;
    if (this.underWay === 0 || leftMs <= 0) return leftMs;
    const pauseMs = Math.min(leftMs, DRAIN_CHECK_MS);
    await new Promise<void>((resolve) => this.options.clock.after(pauseMs, resolve));
    return this.refuse(leftMs - pauseMs);
  }

  private get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? 0;
  }

  private bind(address: ListenAddress): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ ...address, ipv6Only: false }, () => {
        this.server.off('error', reject);
        this.server.on('error', (error) => this.options.logger.error('Unable to accept a connection', { err: error.message }));
        resolve(this.server.address() as AddressInfo);
      });
    });
  }

  private setSecureContext(certificate: ServingCertificate | undefined, clientCas: readonly string[]): void {
    const contextOfName = this.contextsByName(this.namedCertificates, clientCas);
    this.server.setSecureContext({ ...certificate, ...this.contextOptions(clientCas) });
    this.contextOfName = contextOfName;
  }

  private contextsByName(byPlace: ReadonlyMap<number, NamedCertificate>, clientCas: readonly string[]): ContextOfName {
    const certificates = [...byPlace].sort(([a], [b]) => a - b).map(([, certificate]) => certificate);
    return contextsByName(certificates, ({ cert, key }) => createSecureContext({ cert, key, ...this.contextOptions(clientCas) }));
  }

  /** The same whatever the certificate. */
  private contextOptions(clientCas: readonly string[]): SecureContextOptions {
    const { tls: { minVersion = 'TLSv1.2', ciphers, curves } = {} } = this.options;
    return {
      ca: clientCas.length > 0 ? [...clientCas] : undefined,
      minVersion,
      ciphers,
      ecdhCurve: curves,
      // A resumed session would keep a client certificate whose CA is gone.
      secureOptions: constants.SSL_OP_NO_TICKET,
    };
  }

  private createServer(): Http2SecureServer {
    const { http2: { disabled, maxStreamsPerConnection = DEFAULT_MAX_STREAMS } = {} } = this.options;
    const server = createSecureServer({
      ...disabled && { ALPNCallback: ({ protocols }: { protocols: string[] }) => protocols.find((protocol) => protocol === 'http/1.1') },
      allowHTTP1: true,
      SNICallback: (name, choose) => choose(null, this.contextOfName?.(name)),
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: HEADER_TIMEOUT_MS,
      maxHeaderListPairs: MAX_HEADERS,
      settings: { maxConcurrentStreams: maxStreamsPerConnection, maxHeaderListSize: MAX_HEADER_LIST_BYTES, enablePush: false },
    });
    // Of HTTP/1.1; the types know them on its own server only.
    Object.assign(server, {
      // One more, since what is above is left out without a word.
      maxHeadersCount: MAX_HEADERS + 1,
      headersTimeout: HEADER_TIMEOUT_MS,
      requestTimeout: this.options.requestTimeoutMs,
      connectionsCheckingInterval: HEADER_TIMEOUT_MS / 4,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    server.on('request', (request, response) => this.serve(request as unknown as IncomingMessage, response as unknown as ServerResponse));
    server.on('keylog', (_line, socket: TLSSocket) => keepVerifiedPeer(socket));
    // What clients do wrong ends their connection and is nobody else's business.
    server.on('tlsClientError', () => this.options.metrics.handshakeFailed());
    server.on('sessionError', () => {});
    return server;
  }

  /** The compatibility API gives HTTP/2 requests and responses the shape of HTTP/1.1's. */
  private serve(request: IncomingMessage, response: ServerResponse): void {
    const { clock, requestTimeoutMs, corsAllowedOrigins = [], sendsGoaway, sendsRetryAfter, strictTransportSecurity } = this.options;
    const { stream } = request as { stream?: ServerHttp2Stream };
    const connection = this.connections.of(request);
    request.on('error', () => {});
    response.on('error', () => {});
    const text = request.method === 'PUT' ? requestText(request) : undefined;
    request.resume();
    if (!connection) return;
    // Also of a client that does not read its answer.
    let stopDeadline: Stop = () => {};
    const cutOffAfter = (ms: number) => {
      stopDeadline();
      stopDeadline = clock.after(ms, () => response.destroy());
    };
    const deadline: Deadline = { lift: () => stopDeadline(), renew: () => cutOffAfter(requestTimeoutMs + GRACE_MS) };
    let isOver = false;
    const isRefusable = sendsRetryAfter && !ALWAYS_SERVED.test(request.url ?? '');
    if (isRefusable) this.underWay++;
    deadline.renew();
    const end = connection.requestBegun(() => {
      isOver = true;
      deadline.lift();
      if (isRefusable) this.underWay--;
    });
    response.once('close', end);
    if (!stream && connection.requestsUnderWay > MAX_PIPELINED) {
      request.socket.destroy();
      return;
    }
    if (stream && sendsGoaway?.()) connection.end();
    // A client that never ends its request must not keep the stream for it.
    stream?.once('finish', () => request.complete || stream.close(http2.NGHTTP2_NO_ERROR));
    if (strictTransportSecurity) response.setHeader('strict-transport-security', strictTransportSecurity);
    if (!stream && (this.shuttingDown || connection.isEnding)) response.setHeader('connection', 'close');
    if (!stream && request.rawHeaders.length > 2 * MAX_HEADERS) {
      response.writeHead(431, { connection: 'close' }).end();
      return;
    }
    // Whether anybody is there, which net/http answers before any server of Go's hears of it.
    if (request.method === 'OPTIONS' && request.url === '*') {
      response.writeHead(200, { 'content-length': '0' }).end();
      return;
    }
    if (allowOrigin(corsAllowedOrigins, request.method, request.headers.origin, response)) {
      response.writeHead(204).end();
      return;
    }
    if (isRefusable && this.refusing) {
      connection.end();
      response.writeHead(429, RETRY_AFTER).end(SHUTTING_DOWN);
      return;
    }
    const peer = () => peerCertificatesOf((stream?.session?.socket ?? request.socket) as TLSSocket);
    const handle = async () => {
      await this.handler.handle(request, response, { recognized: () => connection.recognized(), peer, deadline, text });
      // What is left is in buffers: no reason to wait for a client as long as for an answer.
      if (!isOver) cutOffAfter(GRACE_MS);
      connection.answered(end);
    };
    // Node.js reads on while requests are under way, and gives a response its socket when all before it are sent.
    if (stream || response.socket) void handle();
    else response.once('socket', () => void handle());
  }
}

/** As a URL has it. */
function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
