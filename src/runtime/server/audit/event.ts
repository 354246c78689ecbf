import { UserInfo } from '../user';

/** How much is recorded of a request, in rising order. */
export const LEVELS = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
export type Level = (typeof LEVELS)[number];

/** When an event is made. */
export const STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;
export type Stage = (typeof STAGES)[number];

/** The one version of events that Kubernetes still writes. */
export const AUDIT_VERSION = 'audit.k8s.io/v1';

/** An audit.k8s.io/v1 Event, its members in Kubernetes' order. There is no requestObject: nothing that has a body is served. */
export interface AuditEvent {
  readonly kind: 'Event';
  readonly apiVersion: typeof AUDIT_VERSION;
  readonly level: Level;
  readonly auditID: string;
  readonly stage: Stage;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: EventUser;
  readonly impersonatedUser?: EventUser;
  /** The verb by which somebody may act for that user in constrained impersonation (KEP-5284). */
  readonly authenticationMetadata?: { readonly impersonationConstraint: string };
  readonly sourceIPs?: readonly string[];
  readonly userAgent?: string;
  readonly objectRef?: ObjectReference;
  readonly responseStatus?: Readonly<Record<string, unknown>>;
  readonly responseObject?: unknown;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An authentication.k8s.io/v1 UserInfo. */
export interface EventUser {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: UserInfo['extra'];
}

/** Without what is empty. */
export interface ObjectReference {
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly apiGroup?: string;
  readonly apiVersion?: string;
  readonly subresource?: string;
}

/** As meta/v1 MicroTime. */
export function microTime(unixMs: number): string {
  return new Date(unixMs).toISOString().replace(/Z$/, '000Z');
}
