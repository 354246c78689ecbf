import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Clock, Stop } from '../clock';
import { AnswerRoom } from './answer-room';
import { parseDuration } from '../flags/duration';
import { Logger } from '../telemetry/logger';
import { Auditor, AuditTrail } from './audit/auditor';
import { ANONYMOUS, AuthenticatorChain } from './authentication/authenticator';
import { PeerCertificates } from './authentication/peer-certificates';
import { RequestHeaders } from './authentication/request-headers';
import { Attributes, attributesOf } from './authorization/attributes';
import { Authorizer, Decision, SUPERUSERS } from './authorization/authorizer';
import { forbidden } from './authorization/forbidden';
import { Impersonation } from './authorization/impersonation';
import { RecurringLog } from './recurring-log';
import { Preferences, Reply, statusReply, textReply } from './reply';
import { isLongRunning, parseRequestInfo, RequestInfo, SplitUrl, splitUrl } from './request-info';
import { requestLabels } from './request-labels';
import { Router } from './router';
import { sendReply } from './send-reply';
import { ServerMetrics } from './server-metrics';
import { StatusError } from './status';
import { UserInfo } from './user';

export interface RequestHandlerOptions {
  readonly authenticator: AuthenticatorChain;
  readonly authorizer: Authorizer;
  readonly router: Router;
  readonly metrics: ServerMetrics;
  /** For answers that are not read yet. */
  readonly room: AnswerRoom;
  /** @default requests are not audited */
  readonly auditor?: Auditor;
  readonly maxRequestsInFlight: number;
  readonly maxMutatingRequestsInFlight?: number;
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** By which an answer has to be sent. */
export interface Deadline {
  /** For a request that may take as long as it likes. */
  lift(): void;
  /** The answer has its time from now. */
  renew(): void;
}

/** What the connection has of a request. */
export interface Connected {
  /** The request is somebody's. */
  readonly recognized: () => void;
  /** What the client showed. */
  readonly peer: () => PeerCertificates | undefined;
  readonly deadline: Deadline;
  /** What a PUT brings. */
  readonly text?: Promise<string>;
}

/** One request on its way through the filters. */
interface Exchange {
  readonly method: string;
  readonly url: string;
  /** The same in its parts. */
  readonly target: SplitUrl;
  readonly headers: RequestHeaders;
  readonly preferences: Preferences;
  readonly peer: () => PeerCertificates | undefined;
  readonly text?: Promise<string>;
  readonly signal: AbortSignal;
  /** Cuts the time that the exchange has. */
  readonly endAfter: (ms: number) => void;
  readonly deadline: Deadline;
  readonly recognized: () => void;
  readonly auditId: string;
  readonly remoteAddress: () => string | undefined;
  /** Of an audited request. */
  trail?: AuditTrail;
  /** Unknown until the URL is read. */
  info?: RequestInfo;
  /** Called when the exchange is over. */
  release?: () => void;
}

/** What probes ask for. Others, such as paths of a single check, may need a review and so have to wait their turn. */
const PROBED_PATHS = ['/livez', '/readyz', '/healthz'];
const READING_VERBS = ['get', 'list', 'watch'];
const NOBODY: UserInfo = { name: '', groups: [] };

/** Takes a request through k8s.io/apiserver's filters: audit id, request info, authentication, limit, authorization, timeout. */
export class RequestHandler {
  private readonly inFlight = { readOnly: 0, mutating: 0 };
  private readonly failedAuthentications: RecurringLog;
  private readonly failedAuthorizations: RecurringLog;
  private readonly impersonation: Impersonation;

  constructor(private readonly options: RequestHandlerOptions) {
    const { authorizer, clock, logger } = options;
    this.impersonation = new Impersonation(authorizer);
    this.failedAuthentications = new RecurringLog(clock, (err) => logger.warn('Unable to authenticate the request', { err }));
    this.failedAuthorizations = new RecurringLog(clock, (err) => logger.error('Unable to authorize the request', { err }));
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse, { recognized, peer, deadline: sending, text }: Connected): Promise<void> {
    const { clock, metrics, requestTimeoutMs, router } = this.options;
    const startedMs = clock.monotonic();
    const ended = new AbortController();
    let stopTimeout: Stop = () => {};
    const endAfter = (ms: number) => {
      stopTimeout();
      stopTimeout = clock.after(ms, () => ended.abort(StatusError.timeout()));
    };
    const deadline: Deadline = {
      lift: () => {
        stopTimeout();
        sending.lift();
      },
      renew: () => {
        endAfter(requestTimeoutMs);
        sending.renew();
      },
    };
    endAfter(requestTimeoutMs);
    let isOver = false;
    response.once('close', () => isOver || ended.abort(new Error('the client is gone')));
    const exchange: Exchange = { ...exchangeOf(request, peer, ended.signal), recognized, endAfter, deadline, text };
    try {
      // What is reset in the same breath is not begun.
      await nextTurn();
      ended.signal.throwIfAborted();
      const status = await this.respond(exchange, response);
      if (exchange.trail) await exchange.trail.ended(status);
      metrics.answered(requestLabels(exchange.method, exchange.info, router), status, (clock.monotonic() - startedMs) / 1000);
    } catch (error) {
      // Half of a body may be sent: all that can be said now is that it ends here.
      if (!ended.signal.aborted) this.unexpected(error, exchange);
      metrics.brokenOff(requestLabels(exchange.method, exchange.info, router));
      response.destroy();
      await exchange.trail?.ended(response.headersSent ? response.statusCode : undefined);
    } finally {
      isOver = true;
      stopTimeout();
      exchange.release?.();
    }
  }

  /** Sends the reply and returns its status. What fails while a body is made, before any of it is sent, can still be told. */
  private async respond(exchange: Exchange, response: ServerResponse): Promise<number> {
    const send = async (reply: Reply) => {
      await sendReply(response, withCommonHeaders(reply, exchange), {
        acceptsGzip: (exchange.headers.first('accept-encoding') ?? '').split(',').some((coding) => coding.trim() === 'gzip'),
        withoutBody: exchange.method === 'HEAD',
        room: this.options.room,
        signal: exchange.signal,
      });
      return reply.status;
    };
    const reply = await this.reply(exchange);
    if (exchange.info && isLongRunning(exchange.info) && !exchange.signal.aborted) exchange.deadline.renew();
    if (exchange.trail) await exchange.trail.started(reply.status);
    try {
      return await send(reply);
    } catch (error) {
      if (response.headersSent || exchange.signal.aborted) throw error;
      return send(await statusReply(error instanceof StatusError ? error : this.unexpected(error, exchange), exchange.preferences));
    }
  }

  private async reply(exchange: Exchange): Promise<Reply> {
    try {
      return await orAborted(this.answer(exchange), exchange.signal);
    } catch (error) {
      if (exchange.signal.aborted && !(error instanceof StatusError)) throw error;
      const failure = error instanceof StatusError ? error : this.unexpected(error, exchange);
      exchange.trail?.failed(failure);
      return statusReply(failure, exchange.preferences);
    }
  }

  private async answer(exchange: Exchange): Promise<Reply> {
    const { method, url, target, headers, preferences, signal } = exchange;
    const info = exchange.info = parseRequestInfo(method, url, target);
    const { query } = target;
    if (isLongRunning(info)) exchange.deadline.lift();
    else this.shorten(exchange, query.get('timeout'));
    const requestor = await this.authenticate(exchange, info, query);
    signal.throwIfAborted();
    if (requestor.name !== ANONYMOUS.name) exchange.recognized();
    if (this.options.auditor) exchange.trail = await this.options.auditor.received(exchange, attributesOf(requestor, info, query));
    const { trail } = exchange;
    const impersonated = await this.impersonation.user(headers, () => attributesOf(requestor, info, query), signal);
    if (impersonated) trail?.impersonating(impersonated);
    const user = impersonated?.user ?? requestor;
    const attributes = attributesOf(user, info, query);
    this.admit(exchange, user);
    const refusal = await this.authorize(attributes, url, trail);
    if (refusal) return refusal;
    signal.throwIfAborted();
    return this.options.router.route({ method, info, query, user, preferences, signal, text: exchange.text, ifNoneMatch: headers.first('if-none-match'), record: trail?.recorder });
  }

  /** A client may want to wait less than the server would let it. */
  private shorten(exchange: Exchange, timeout: string | null): void {
    if (!timeout) return;
    const timeoutMs = parseTimeout(timeout);
    if (timeoutMs > 0 && timeoutMs < 1) throw StatusError.timeout();
    if (timeoutMs > 0 && timeoutMs < this.options.requestTimeoutMs) exchange.endAfter(timeoutMs);
  }

  private async authenticate(exchange: Exchange, info: RequestInfo, query: URLSearchParams): Promise<UserInfo> {
    const { headers, peer, remoteAddress } = exchange;
    try {
      return await this.options.authenticator.authenticate({ headers, peer, remoteAddress });
    } catch (error) {
      if (!isTooMany(error)) this.failedAuthentications.log(messageOf(error));
      const failure = error instanceof StatusError ? error : StatusError.unauthorized();
      await this.options.auditor?.unauthenticated(exchange, attributesOf(NOBODY, info, query), failure);
      throw failure;
    }
  }

  /** Probes and what may take long are always let in, and so are superusers, kube-apiserver among them, who take a place where there is one, as upstream. */
  private admit(exchange: Exchange, user: UserInfo): void {
    const { maxRequestsInFlight, maxMutatingRequestsInFlight = 0, metrics } = this.options;
    const info = exchange.info!;
    if (exchange.signal.aborted || isLongRunning(info) || PROBED_PATHS.includes(info.path)) return;
    const kind = READING_VERBS.includes(info.verb) ? 'readOnly' : 'mutating';
    const limit = kind === 'readOnly' ? maxRequestsInFlight : maxMutatingRequestsInFlight;
    if (limit > 0 && this.inFlight[kind] >= limit) {
      if (user.groups.includes(SUPERUSERS)) return;
      throw StatusError.tooManyRequests();
    }
    metrics.requestsInFlight(kind, ++this.inFlight[kind]);
    exchange.release = () => metrics.requestsInFlight(kind, --this.inFlight[kind]);
  }

  /** Undefined when the request may go on. */
  private async authorize(attributes: Attributes, url: string, trail: AuditTrail | undefined): Promise<Reply | undefined> {
    let decision: Decision;
    try {
      decision = await this.options.authorizer.authorize(attributes);
    } catch (error) {
      if (!isTooMany(error)) this.failedAuthorizations.log(messageOf(error));
      trail?.undecided();
      if (error instanceof StatusError) throw error;
      return textReply(500, `Internal Server Error: ${escapeHtml(JSON.stringify(url))}: ${messageOf(error)}\n`);
    }
    trail?.decided(decision.allowed, decision.reason);
    if (!decision.allowed) throw forbidden(attributes, decision.reason);
    return undefined;
  }

  private unexpected(error: unknown, { trail }: Exchange): StatusError {
    trail?.panicked(messageOf(error));
    this.options.logger.error('Unexpected failure of a request', { err: messageOf(error) });
    return StatusError.internalError('see the log of the server');
  }
}

function exchangeOf(request: IncomingMessage, peer: () => PeerCertificates | undefined, signal: AbortSignal): Omit<Exchange, 'deadline' | 'endAfter' | 'recognized'> {
  const headers = new RequestHeaders(request.rawHeaders);
  const url = request.url ?? '/';
  const target = splitUrl(url);
  const preferences = { accept: headers.first('accept'), pretty: isPretty(target, headers.first('user-agent') ?? '') };
  return {
    method: request.method ?? 'GET', url, target, headers, preferences, peer, signal, auditId: auditIdOf(headers), remoteAddress: () => request.socket.remoteAddress,
  };
}

/** Asked for by parameter; otherwise people, who use browsers and command-line tools, get it. */
function isPretty({ query }: SplitUrl, userAgent: string): boolean {
  const parameter = query.get('pretty');
  return parameter ? ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(parameter) : /^(?:curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

function withCommonHeaders(reply: Reply, { auditId, headers }: Exchange): Reply {
  return { ...reply, headers: { 'audit-id': auditId, 'cache-control': 'no-cache, private', ...spaceWarning(headers), ...reply.headers } };
}

/** kube-apiserver's, so that the events of both can be told to belong together. */
function auditIdOf(headers: RequestHeaders): string {
  const given = headers.first('audit-id');
  return given && /^[\x21-\x7e]{1,64}$/.test(given) ? given : randomUUID();
}

function parseTimeout(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw StatusError.badRequest(`invalid timeout specified in the request URL - ${messageOf(error)}`);
  }
}

/** The promise's result, or the reason of an abort if that comes first. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    const settled = () => signal.removeEventListener('abort', abort);
    promise.then((result) => {
      settled();
      resolve(result);
    }, (error) => {
      settled();
      reject(error);
    });
  });
}

/** The client is to ask less: nothing is wrong here, and the answers are counted. */
function isTooMany(error: unknown): boolean {
  return error instanceof StatusError && error.code === 429;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The client believes to have shown a token. */
function spaceWarning(headers: RequestHeaders): Record<string, string> {
  return /^bearer {2}/i.test(headers.first('authorization')?.trim() ?? '')
    ? { warning: '299 - "the provided Authorization header contains extra space before the bearer token, and is ignored"' }
    : {};
}
