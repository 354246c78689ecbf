import { Duration } from 'cdk8s';

/** Alerts on the server's own metrics: what they take for wrong, and where they go. */
export interface AlertRules {
  /**
   * Namespace of the PrometheusRule.
   *
   * @default - the namespace of the ServiceMonitor or PodMonitor, else the server's
   */
  readonly namespace?: string;
  /**
   * Further labels of the PrometheusRule: those by which Prometheus selects it, such as `release: kube-prometheus-stack`.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * Further labels of each alert, beside its `severity`.
   *
   * @default - none
   */
  readonly alertLabels?: { readonly [key: string]: string };
  /**
   * Names of alerts to leave out.
   *
   * @default - none
   */
  readonly without?: string[];
  /**
   * Beginning of each alert's `runbook_url`, which the alert's name in lower case follows: `https://wiki.example.com/runbooks/` for runbooks of your own.
   *
   * @default - this package's own, as of its version: https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/monitoring.md
   */
  readonly runbookBaseUrl?: string;
  /**
   * Share of requests that may fail with 5xx, from 0 to 1.
   *
   * @default 0.05
   */
  readonly maxErrorRatio?: number;
  /**
   * Restarts of a process within an hour that are no reason to worry, 0 or more.
   *
   * @default 2
   */
  readonly maxRestartsPerHour?: number;
  /**
   * Share of requests to kubelets that may fail, from 0 to 1. With the companion image it counts for each reason of failure.
   *
   * @default 0.05
   */
  readonly maxScrapeFailureRatio?: number;
  /**
   * Age up to which samples are fresh. They may be up to two metric resolutions old when all is well.
   *
   * @default Duration.minutes(3)
   */
  readonly maxSampleAge?: Duration;
  /**
   * Time that the serving certificate has to be valid for, at least. The companion image and cert-manager renew theirs when a third of its
   * validity is left.
   *
   * @default Duration.days(7)
   */
  readonly minCertificateValidity?: Duration;
}
