import { Feature } from '../../_facts/rights';

/** Why a kubelet gave no metrics. Failures are data: log, self-metrics, readiness and diagnosis read this one record. */
export type ScrapeFailureReason =
  | 'no-address'
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'x509-unknown-authority'
  | 'x509-name-mismatch'
  | 'x509-weak'
  | 'x509-expired'
  | 'tls'
  | 'unauthorized'
  | 'forbidden'
  | 'http-status'
  | 'protocol'
  | 'too-large'
  | 'parse'
  | 'empty';

export interface ScrapeFailure {
  readonly reason: ScrapeFailureReason;
  /** One line for a person: what was seen, and where it helps, how to mend it. */
  readonly message: string;
  /** What is off where a right is missing, which is then missing with every kubelet. */
  readonly feature?: Feature;
}

/** What came of asking one address of a node. */
export interface ScrapeAttempt {
  /** `host:port`. */
  readonly address: string;
  readonly durationMs: number;
  /** Subject alternative names of the certificate that was shown last, verified or not; undefined when there was none. */
  readonly certificateNames?: string;
  /** Undefined on success. */
  readonly failure: ScrapeFailure | undefined;
}

/** The last thing that happened between the runtime and one kubelet. */
export interface ScrapeOutcome {
  readonly node: string;
  /** `host:port` that answered, or else the one whose failure says most; undefined when the node has no usable address. */
  readonly address: string | undefined;
  /** When the request was started, Unix milliseconds. */
  readonly startedMs: number;
  readonly durationMs: number;
  /** Subject alternative names of the certificate that was shown last, verified or not; undefined when there was none. */
  readonly certificateNames?: string;
  /** Undefined on success. */
  readonly failure: ScrapeFailure | undefined;
  /** What came of asking the node's other addresses, none of which answered. */
  readonly otherAttempts?: readonly ScrapeAttempt[];
}
