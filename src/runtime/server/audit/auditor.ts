import { isIP } from 'node:net';
import { Clock } from '../../clock';
import { RequestHeaders } from '../authentication/request-headers';
import { Attributes } from '../authorization/attributes';
import { Impersonated } from '../authorization/impersonation';
import { StatusError } from '../status';
import { UserInfo } from '../user';
import { AUDIT_VERSION, AuditEvent, EventUser, Level, microTime, ObjectReference, Stage } from './event';
import { AuditDecision } from './policy';

export interface AuditorOptions {
  readonly decide: (attributes: Attributes) => AuditDecision;
  /** False when the request must not go on, for its event could not be kept. */
  readonly keep: (event: AuditEvent) => Promise<boolean>;
  readonly clock: Clock;
}

/** What is known of a request before it is answered. */
export interface AuditedRequest {
  readonly auditId: string;
  /** Unix time at which it arrived, whoever had to be asked about it since. */
  readonly receivedMs: number;
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly remoteAddress: () => string | undefined;
}

/** As k8s.io/apiserver. */
const MAX_USER_AGENT_LENGTH = 1024;

/** Makes the events of requests. */
export class Auditor {
  constructor(private readonly options: AuditorOptions) {}

  /** Undefined when the policy wants nothing of the request. */
  trailOf(request: AuditedRequest, attributes: Attributes): AuditTrail | undefined {
    const { decide, keep, clock } = this.options;
    const decision = decide(attributes);
    if (decision.level === 'None') return undefined;
    return new AuditTrail(firstEvent(request, attributes, decision.level), decision, keep, clock);
  }

  /** Of who could not prove who it is, one event is all that is made, in the stage that k8s.io/apiserver gives it. */
  async unauthenticated(request: AuditedRequest, attributes: Attributes, failure: StatusError): Promise<void> {
    const trail = this.trailOf(request, attributes);
    trail?.failed(failure);
    await trail?.refused();
  }
}

/** The events of one request. */
export class AuditTrail {
  private isRefused = false;
  private panic: string | undefined;
  private failure: StatusError | undefined;
  private impersonated: Pick<AuditEvent, 'impersonatedUser' | 'authenticationMetadata'> = {};
  private responseObject: unknown;
  private annotations: Record<string, string> | undefined;

  constructor(
    private readonly event: AuditEvent,
    private readonly decision: AuditDecision,
    private readonly keep: AuditorOptions['keep'],
    private readonly clock: Clock,
  ) {}

  /** Takes the object that is to be answered, unless that fails; undefined when it is not wanted. */
  get recorder(): ((object: unknown) => void) | undefined {
    return this.decision.level === 'RequestResponse' ? (object) => { this.responseObject = object; } : undefined;
  }

  /** Rejects when the request must not go on; then it has no more events. */
  async received(): Promise<void> {
    this.isRefused = !await this.process('RequestReceived', {}, this.event.requestReceivedTimestamp);
    if (this.isRefused) throw StatusError.internalError('failed to store audit event');
  }

  decided(isAllowed: boolean, reason = ''): void {
    this.annotations = { 'authorization.k8s.io/decision': isAllowed ? 'allow' : 'forbid', 'authorization.k8s.io/reason': reason };
  }

  /** The request is made on behalf of somebody else. */
  impersonating({ user, constraint }: Impersonated): void {
    this.impersonated = { impersonatedUser: eventUser(user), ...constraint && { authenticationMetadata: { impersonationConstraint: constraint } } };
  }

  undecided(): void {
    this.annotations = { 'authorization.k8s.io/reason': 'internal error' };
  }

  failed(failure: StatusError): void {
    this.failure = failure;
  }

  panicked(message: string): void {
    this.panic = message;
  }

  /** The answer of a request that may take long begins; of others that is no event. */
  async started(code: number): Promise<void> {
    await this.process('ResponseStarted', this.answer(code));
  }

  /** The answer is that nobody knows who asks. */
  async refused(): Promise<void> {
    await this.process('ResponseStarted', this.answer(this.failure?.code));
  }

  /** The answer was sent, or its client is gone before. */
  async ended(code: number | undefined): Promise<void> {
    await this.process(this.panic === undefined ? 'ResponseComplete' : 'Panic', this.answer(code));
  }

  private answer(code: number | undefined): Pick<AuditEvent, 'responseStatus' | 'responseObject'> {
    const responseObject = this.recorder ? this.failure?.toJSON() ?? this.responseObject : undefined;
    return { responseStatus: this.statusOf(code), ...responseObject !== undefined && { responseObject } };
  }

  private statusOf(code: number | undefined): AuditEvent['responseStatus'] {
    if (this.panic !== undefined) {
      return { metadata: {}, status: 'Failure', message: `APIServer panic'd: ${this.panic}`, reason: 'InternalError', code: 500 };
    }
    if (code === undefined) return { metadata: {}, status: 'Success', message: 'Connection closed early', code: 200 };
    if (!this.failure) return { metadata: {}, code };
    const { kind, apiVersion, ...status } = this.failure.toJSON();
    return status;
  }

  private process(stage: Stage, known: Pick<AuditEvent, 'responseStatus' | 'responseObject'>, time = microTime(this.clock.now())): Promise<boolean> {
    if (this.isRefused || this.decision.omitStages.includes(stage)) return Promise.resolve(true);
    const { requestReceivedTimestamp, stageTimestamp, ...event } = this.event;
    return this.keep({
      ...event,
      ...this.impersonated,
      stage,
      ...known,
      requestReceivedTimestamp,
      stageTimestamp: time,
      ...this.annotations && { annotations: this.annotations },
    });
  }
}

function firstEvent({ auditId, receivedMs, url, headers, remoteAddress }: AuditedRequest, attributes: Attributes, level: Level): AuditEvent {
  const { user, isResourceRequest, verb } = attributes;
  const sourceIPs = sourceAddresses(headers, remoteAddress());
  const userAgent = headers.first('user-agent');
  const time = microTime(receivedMs);
  return {
    kind: 'Event',
    apiVersion: AUDIT_VERSION,
    level,
    auditID: auditId,
    stage: 'RequestReceived',
    requestURI: url,
    verb,
    user: eventUser(user),
    // Their places in the order of members, for what is known later.
    impersonatedUser: undefined,
    authenticationMetadata: undefined,
    ...sourceIPs.length > 0 && { sourceIPs },
    ...userAgent && { userAgent: userAgent.length > MAX_USER_AGENT_LENGTH ? `${userAgent.slice(0, MAX_USER_AGENT_LENGTH)}...TRUNCATED` : userAgent },
    ...isResourceRequest && { objectRef: objectReference(attributes) },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
  };
}

function eventUser({ name: username, uid, groups, extra }: UserInfo): EventUser {
  return filled({ username, uid, groups, extra });
}

function objectReference({ resource, namespace, name, apiGroup, apiVersion, subresource }: Attributes): ObjectReference {
  return filled({ resource, namespace, name, apiGroup, apiVersion, subresource });
}

/** Without what is empty. */
function filled<T extends object>(all: T): Partial<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value && Object.keys(value).length > 0)) as Partial<T>;
}

/** X-Forwarded-For, then X-Real-Ip, then who is connected, each unless it was said just before. */
function sourceAddresses(headers: RequestHeaders, remoteAddress: string | undefined): string[] {
  const addresses = (headers.first('x-forwarded-for') ?? '').split(',').map((address) => address.trim()).filter((address) => isIP(address));
  const real = headers.first('x-real-ip')?.trim() ?? '';
  if (isIP(real) && !addresses.includes(real)) addresses.push(real);
  const remote = remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '');
  if (remote && addresses[addresses.length - 1] !== remote) addresses.push(remote);
  return addresses;
}
