/** One line of /livez?verbose, /readyz?verbose or /healthz?verbose. */
export interface HealthCheck {
  readonly name: string;
  /**
   * Has a line only while it fails, so that the endpoint says what metrics-server's says as long as all is well.
   * @default false
   */
  readonly silent?: boolean;
  /**
   * What a client is told at the check's own path while it fails. Must name no node.
   * @default 'reason withheld'
   */
  readonly told?: string;
  /**
   * Whoever is asked has a line in the log for each reason itself: a second one would be no news.
   * @default false
   */
  readonly logsItself?: boolean;
  /** Undefined when healthy, otherwise the reason: logged, never sent to the client. */
  check(): string | undefined;
}

/** The checks of each endpoint, in the order they are listed. */
export interface HealthChecks {
  readonly livez: readonly HealthCheck[];
  readonly readyz: readonly HealthCheck[];
  readonly healthz: readonly HealthCheck[];
}
