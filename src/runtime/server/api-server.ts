import { IncomingMessage, ServerResponse } from 'node:http';
import { Http2SecureServer } from 'node:http2';
import { AddressInfo, isIPv6 } from 'node:net';
import { TLSSocket } from 'node:tls';
import { AnswerRoom, MAX_UNREAD_BYTES } from './answer-room';
import { keepVerifiedPeer } from './authentication/peer-certificates';
import { ConnectionRoom, MAX_CONNECTIONS } from './connection-room';
import { Connections } from './connections';
import { Discovery } from './discovery';
import { SharedPieces } from './encoding/shared-pieces';
import { WholeMessages } from './encoding/whole-messages';
import { GroupVersion } from './group-version';
import { HealthEndpoints } from './health';
import { HealthChecks } from './health-check';
import { HttpFilterOptions, httpFilters } from './http-filters';
import { HttpHandler } from './http-handler';
import { createHttpServer, ServerHttp2 } from './http-server';
import { listen, ListenAddress } from './listen';
import { NamedCertificate } from './named-certificates';
import { OpenApi } from './openapi/openapi';
import { Paging } from './paging';
import { RecurringLog } from './recurring-log';
import { RequestHandler, RequestHandlerOptions } from './request-handler';
import { Page, Router } from './router';
import { Shutdown } from './shutdown';
import { ServerTls, ServingCertificate, TlsContexts } from './tls-contexts';
import { versionInfo } from './version';

export interface ApiServerOptions extends Omit<RequestHandlerOptions, 'room' | 'router'>, HttpFilterOptions {
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
  readonly tls?: ServerTls;
  readonly http2?: ServerHttp2;
  /** Host that discovery names as the server's. @default none */
  readonly externalHostname?: string;
  /** Time from now in which /livez passes. @default 0 */
  readonly livezGracePeriodMs?: number;
  /** While requests are under way, `close` goes on listening and answers further ones 429. @default false */
  readonly sendsRetryAfter?: boolean;
  /** Above it, connections of strangers are closed, then users'. @default 128 */
  readonly maxConnections?: number;
  /** Where more of answers is not read yet, those whose clients take nothing are cut off, and others wait. @default 32 MiB */
  readonly maxUnreadBytes?: number;
}

/**
 * Serves APIs over HTTP/2 and HTTP/1.1 with TLS: what every extension API server needs, and nothing about any one API. A request goes from its connection
 * through HttpHandler, RequestHandler and HandlerChain to the Router.
 */
export class ApiServer {
  private readonly server: Http2SecureServer;
  private readonly contexts: TlsContexts;
  private readonly connections: Connections;
  private readonly handler: HttpHandler;
  private readonly shutdown: Shutdown;

  constructor(private readonly options: ApiServerOptions) {
    const { clock, metrics, sendsRetryAfter = false, tls = {} } = options;
    this.shutdown = new Shutdown(sendsRetryAfter, clock);
    this.contexts = new TlsContexts(tls, (context) => this.server.setSecureContext(context));
    this.server = createHttpServer({ ...options, contextOfName: this.contexts.ofName });
    const room = this.answerRoom();
    const onClosedForResets = () => metrics.connectionClosedForResets();
    this.connections = new Connections(this.server, {
      room: this.connectionRoom(), maxStreams: options.http2?.maxStreamsPerConnection, onClosedForResets, clock,
    });
    this.handler = new HttpHandler({
      ...options,
      connections: this.connections,
      shutdown: this.shutdown,
      filters: httpFilters(options, this.shutdown),
      handler: new RequestHandler({ ...options, router: this.router(room), room }),
    });
    this.server.on('request', (request, response) => this.handler.serve(request as unknown as IncomingMessage, response as unknown as ServerResponse));
    this.server.on('keylog', (_line, socket: TLSSocket) => keepVerifiedPeer(socket));
    // What clients do wrong ends their connection and is nobody else's business.
    this.server.on('tlsClientError', () => metrics.handshakeFailed());
    this.server.on('sessionError', () => {});
  }

  /** Serves on all addresses of both families when the host is `0.0.0.0` or `::`. */
  async listen(address: ListenAddress): Promise<AddressInfo> {
    const bound = await listen(this.server, address);
    this.server.on('error', (error) => this.options.logger.error('Unable to accept a connection', { err: error.message }));
    return bound;
  }

  /** For connections from now on. Throws, and keeps the one before, when certificate and key cannot be used. */
  setServingCertificate(certificate: ServingCertificate): void {
    this.contexts.setServingCertificate(certificate);
  }

  /**
   * For connections from now on whose client asks for one of its names. Throws, and keeps the one before at this place, when
   * certificate and key cannot be used.
   */
  setNamedCertificate(place: number, certificate: NamedCertificate): void {
    this.contexts.setNamedCertificate(place, certificate);
  }

  /**
   * CAs of all certificates that clients may show, each PEM text holding one or more; who a client is, is decided by the
   * authenticators. Connections whose certificates were judged by other CAs end, so that clients come back and are judged anew.
   */
  setClientCas(pems: readonly string[]): void {
    if (this.contexts.setClientCas(pems)) this.connections.end();
  }

  /** /readyz fails from now on, so that clients go elsewhere; everything is still served. */
  beginShutdown(): void {
    this.shutdown.begin();
  }

  /** Takes no more connections, lets requests end for so long, and cuts off what is left. */
  async close(drainMs: number): Promise<void> {
    this.shutdown.begin();
    const leftMs = this.options.sendsRetryAfter ? await this.shutdown.refuse(drainMs) : drainMs;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.connections.end();
    const stopDraining = this.connections.destroyWithin(leftMs);
    await closed;
    stopDraining();
  }

  /** Resolves when requests are done with, those that were cut off too, and so when their last audit events are made. */
  handled(): Promise<void> {
    return this.handler.handled();
  }

  private router(room: AnswerRoom): Router {
    const { clock, externalHostname = '', groupVersions, healthChecks, livezGracePeriodMs = 0, logger, pages = {}, paging, title, version } = this.options;
    const startedMs = clock.monotonic();
    const shutdown = { name: 'shutdown', told: 'process is shutting down', check: () => this.shutdown.hasBegun ? 'the process is shutting down' : undefined };
    return new Router({
      groupVersions,
      discovery: new Discovery(groupVersions, () => `${bracketed(externalHostname)}:${this.port}`),
      openapi: new OpenApi(groupVersions, { title, version }),
      health: new HealthEndpoints(healthChecks, shutdown, logger, () => clock.monotonic() - startedMs < livezGracePeriodMs),
      version: versionInfo(version),
      pages,
      paging,
      sharing: { pieces: new SharedPieces(), messages: new WholeMessages(() => room.admit()) },
    });
  }

  private connectionRoom(): ConnectionRoom {
    const { clock, logger, maxConnections: max = MAX_CONNECTIONS, metrics } = this.options;
    const tooMany = new RecurringLog(clock, (mend) => logger.warn('Too many connections; closing those of strangers first', { max, mend }));
    return new ConnectionRoom(max, () => {
      metrics.connectionClosedForRoom();
      tooMany.log('find who opens them, and keep others out by a NetworkPolicy');
    });
  }

  private answerRoom(): AnswerRoom {
    const { clock, logger, maxUnreadBytes: maxBytes = MAX_UNREAD_BYTES, metrics } = this.options;
    const tooMuch = new RecurringLog(clock, (mend) => logger.warn('Clients leave too much unread; ending answers that nobody takes anything of', { maxBytes, mend }));
    const room = new AnswerRoom(clock, maxBytes, () => {
      metrics.answerCutOff();
      tooMuch.log('find who asks for long lists and does not read them');
    });
    metrics.followUnreadAnswers(() => room.unreadBytes);
    return room;
  }

  private get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? 0;
  }
}

/** As a URL has it. */
function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
