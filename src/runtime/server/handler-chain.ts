import { Auditor } from './audit/auditor';
import { ANONYMOUS, AuthenticatorChain } from './authentication/authenticator';
import { Attributes, attributesOf } from './authorization/attributes';
import { Authorizer, Decision } from './authorization/authorizer';
import { forbidden } from './authorization/forbidden';
import { Impersonation } from './authorization/impersonation';
import { Exchange } from './exchange';
import { InFlightLimit, InFlightLimitOptions } from './in-flight-limit';
import { RecurringLog } from './recurring-log';
import { Reply, textReply } from './reply';
import { isLongRunning, parseRequestInfo, RequestInfo } from './request-info';
import { Router } from './router';
import { StatusError } from './status';
import { UserInfo } from './user';
import { Clock } from '../clock';
import { Logger } from '../telemetry/logger';

export interface HandlerChainOptions extends InFlightLimitOptions {
  readonly authenticator: AuthenticatorChain;
  readonly authorizer: Authorizer;
  /** @default requests are not audited */
  readonly auditor?: Auditor;
  readonly router: Router;
  readonly clock: Clock;
  readonly logger: Logger;
}

const NOBODY: UserInfo = { name: '', groups: [] };

/** Takes a request through k8s.io/apiserver's filters: request info, timeout, authentication, audit, impersonation, limit, authorization. */
export class HandlerChain {
  private readonly impersonation: Impersonation;
  private readonly inFlight: InFlightLimit;
  private readonly failedAuthentications: RecurringLog;
  private readonly failedAuthorizations: RecurringLog;

  constructor(private readonly options: HandlerChainOptions) {
    const { authorizer, clock, logger } = options;
    this.impersonation = new Impersonation(authorizer);
    this.inFlight = new InFlightLimit(options);
    this.failedAuthentications = new RecurringLog(clock, (err) => logger.warn('Unable to authenticate the request', { err }));
    this.failedAuthorizations = new RecurringLog(clock, (err) => logger.error('Unable to authorize the request', { err }));
  }

  /** @throws StatusError for what is refused, or the reason of the exchange's signal */
  async answer(exchange: Exchange): Promise<Reply> {
    const { method, url, target, headers, preferences, text, timeout, timeout: { signal } } = exchange;
    const { query } = target;
    const info = exchange.info = parseRequestInfo(method, url, target);
    if (isLongRunning(info)) timeout.lift();
    else timeout.shorten(query.get('timeout'));
    const attributes = (user: UserInfo) => attributesOf(user, info, query);
    const requestor = await this.authenticate(exchange, () => attributes(NOBODY));
    signal.throwIfAborted();
    if (requestor.name !== ANONYMOUS.name) exchange.recognized(requestor.name);
    exchange.trail = this.options.auditor?.trailOf(exchange, attributes(requestor));
    await exchange.trail?.received();
    signal.throwIfAborted();
    const impersonated = await this.impersonation.user(headers, () => attributes(requestor), signal);
    if (impersonated) exchange.trail?.impersonating(impersonated);
    const user = impersonated?.user ?? requestor;
    this.admit(exchange, info, user);
    const failure = await this.authorize(exchange, attributes(user));
    if (failure) return failure;
    signal.throwIfAborted();
    return this.options.router.route({
      method, info, query, user, preferences, signal, text, ifNoneMatch: headers.first('if-none-match'), record: exchange.trail?.recorder,
    });
  }

  private async authenticate(exchange: Exchange, nobodys: () => Attributes): Promise<UserInfo> {
    try {
      return await this.options.authenticator.authenticate(exchange);
    } catch (error) {
      if (!isTooMany(error)) this.failedAuthentications.log(messageOf(error));
      const failure = error instanceof StatusError ? error : StatusError.unauthorized();
      await this.options.auditor?.unauthenticated(exchange, nobodys(), failure);
      throw failure;
    }
  }

  /** One that is over already would keep its place. */
  private admit(exchange: Exchange, info: RequestInfo, user: UserInfo): void {
    if (!exchange.timeout.signal.aborted) exchange.release = this.inFlight.enter(info, user);
  }

  /** Undefined when the request may go on, the answer when nobody can say. */
  private async authorize({ url, trail }: Exchange, attributes: Attributes): Promise<Reply | undefined> {
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
