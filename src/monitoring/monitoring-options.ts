import { AlertRules } from './alert-rules';
import { Dashboard } from './dashboard';
import { Monitoring } from './monitoring';

/** Properties that have to do with a server's own metrics. */
export interface MonitoringOptions {
  /**
   * How Prometheus scrapes the server's own metrics.
   *
   * @default - nothing tells Prometheus to
   */
  readonly monitoring?: Monitoring;
  /**
   * Alerts on the server's own metrics, as a PrometheusRule. `{}` for the usual thresholds. For another server than a metrics server they take
   * it for granted that it names its metrics as `k8s.io/apiserver` does.
   *
   * @default - none
   */
  readonly alertRules?: AlertRules;
  /**
   * Grafana dashboard of the server's own metrics, as a ConfigMap. `{}` for the usual one.
   *
   * @default - none
   */
  readonly dashboard?: Dashboard;
  /**
   * Value of the label `job` of the server's series, by which `alertRules` and `dashboard` find them.
   *
   * @default - what `monitoring` leads to; without it the server's name
   */
  readonly prometheusJob?: string;
}
