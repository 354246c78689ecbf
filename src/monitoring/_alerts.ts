import { Duration } from 'cdk8s';
import { hasWhatItNeeds, MonitoredServer, Needing } from './_monitored-server';
import { AlertRules } from './alert-rules';
import { docsUrl } from '../_docs';

interface Alert extends Needing {
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  readonly expr: (server: MonitoredServer, rules: AlertRules) => string;
  /** Time that the expression has to hold, as Prometheus writes it. */
  readonly for: string;
  /** Of the server. What to do about it has a heading in docs/monitoring.md. */
  readonly summary: string;
  readonly description: string;
}

const ALERTS: readonly Alert[] = [
  {
    name: 'ExtensionApiServerDown',
    severity: 'critical',
    expr: ({ series }) => `absent(up{${series}} == 1)`,
    for: '5m',
    summary: 'cannot be scraped',
    description: 'No pod of it answers Prometheus. If none answers kube-apiserver either, its APIs are gone, and with those of a metrics server kubectl top and autoscaling.',
  },
  {
    name: 'ExtensionApiServerErrors',
    severity: 'warning',
    needs: ['apiserver'],
    expr: ({ series }, { maxErrorRatio = 0.05 }) =>
      `sum(rate(apiserver_request_total{${series},code=~"5.."}[5m])) / sum(rate(apiserver_request_total{${series}}[5m])) > ${maxErrorRatio}`,
    for: '10m',
    summary: 'fails to answer requests',
    description: '{{ $value | humanizePercentage }} of the requests are answered with 5xx. Its log says why.',
  },
  {
    name: 'ExtensionApiServerRestarts',
    severity: 'warning',
    expr: ({ series }, { maxRestartsPerHour = 2 }) => `changes(process_start_time_seconds{${series}}[1h]) > ${maxRestartsPerHour}`,
    for: '0s',
    summary: 'restarts again and again',
    description: '{{ $labels.instance }} has started {{ $value }} times within an hour. kubectl describe shows whether it ran out of memory or failed its probes.',
  },
  {
    name: 'MetricsServerScrapeFailures',
    severity: 'warning',
    needs: ['scraping'],
    expr: ({ series, selfMetrics }, { maxScrapeFailureRatio = 0.05 }) => {
      const all = `sum(rate(metrics_server_kubelet_request_total{${series}}[5m]))`;
      // Only the companion says why.
      return selfMetrics.includes('companion')
        ? `sum by (reason) (rate(metrics_server_kubelet_request_failures_total{${series}}[5m])) / on () group_left () ${all} > ${maxScrapeFailureRatio}`
        : `sum(rate(metrics_server_kubelet_request_total{${series},success="false"}[5m])) / ${all} > ${maxScrapeFailureRatio}`;
    },
    for: '10m',
    summary: 'cannot read kubelets',
    description: '{{ $value | humanizePercentage }} of the requests to kubelets fail{{ with $labels.reason }}: {{ . }}{{ end }}. Its log names the nodes.',
  },
  {
    name: 'MetricsServerNoData',
    severity: 'critical',
    needs: ['scraping'],
    expr: ({ series }) => `metrics_server_storage_points{${series},type="node"} == 0`,
    for: '5m',
    summary: 'has no metrics of any node',
    description: '{{ $labels.instance }} serves empty lists: kubectl top shows nothing, and autoscaling stands still.',
  },
  {
    name: 'MetricsServerStaleSamples',
    severity: 'warning',
    needs: ['scraping'],
    expr: ({ series }, { maxSampleAge = Duration.minutes(3) }) =>
      `histogram_quantile(0.99, sum by (le) (rate(metrics_server_api_metric_freshness_seconds_bucket{${series}}[5m]))) > ${seconds(maxSampleAge)}`,
    for: '10m',
    summary: 'serves old metrics',
    description: 'One in a hundred samples that it returns is {{ $value | humanizeDuration }} old or older. Autoscaling acts on what has long changed.',
  },
  {
    name: 'MetricsServerSlowKubelets',
    severity: 'warning',
    needs: ['scraping', 'companion'],
    expr: ({ series }) => `sum(rate(metrics_server_kubelet_request_skipped_total{${series}}[5m])) > 0`,
    for: '10m',
    summary: 'waits longer for kubelets than its resolution',
    description: 'Requests are left out because those before them are still under way. The dashboard shows the slowest nodes.',
  },
  {
    name: 'MetricsServerCertificateExpires',
    severity: 'critical',
    needs: ['companion'],
    expr: ({ series }, { minCertificateValidity = Duration.days(7) }) =>
      `metrics_server_serving_certificate_expiration_timestamp_seconds{${series}} - time() < ${seconds(minCertificateValidity)}`,
    for: '10m',
    summary: 'serves a certificate that nobody renews',
    description: 'The certificate of {{ $labels.instance }} is valid for {{ $value | humanizeDuration }} more. Then kube-apiserver refuses its APIs. Its log says why it is not renewed.',
  },
  {
    name: 'MetricsServerCertificateSecretMissing',
    severity: 'warning',
    needs: ['companion'],
    // Served by replicas that manage their certificate themselves, and by no others.
    expr: ({ series }) => `metrics_server_serving_certificate_secret_present{${series}} == 0`,
    for: '5m',
    summary: 'misses the Secret of its serving certificate',
    description: '{{ $labels.instance }} serves on with the certificate in hand, and no pod that starts becomes ready. Apply the manifests again, which hold the Secret, empty.',
  },
  {
    name: 'MetricsAdapterConfigurationRefused',
    severity: 'warning',
    needs: ['metricSources'],
    expr: ({ series }) => `metrics_server_configuration_last_reload_successful{${series}} == 0`,
    for: '5m',
    summary: 'cannot use its configuration of custom and external metrics',
    description: '{{ $labels.instance }} goes on with the last one that it could use, or without any since it started. Its log says file, line and reason.',
  },
  {
    name: 'MetricsAdapterSourceDown',
    severity: 'warning',
    needs: ['metricSources'],
    // A replica that is not asked asks nobody, and says nothing of the source.
    expr: ({ series }) => `min by (source) (metrics_server_metric_source_up{${series}}) == 0`,
    for: '10m',
    summary: 'gets no answer from a source of metrics',
    description: '{{ $labels.source }} does not answer, or does not let it in. Autoscalers stand still once the last values are too old. Its log says why.',
  },
  {
    name: 'MetricsAdapterStaleMetric',
    severity: 'warning',
    needs: ['metricSources'],
    expr: ({ series }) => `max by (metric) (metrics_server_declared_metric_stale{${series}}) == 1`,
    for: '5m',
    summary: 'has no values of a metric that is asked for',
    description: '{{ $labels.metric }} has had none that are young enough to be served. kubectl describe of the autoscaler, and explain, say why.',
  },
  {
    name: 'MetricsAdapterEmptyMetric',
    severity: 'warning',
    needs: ['metricSources'],
    expr: ({ series }) => `max by (metric) (metrics_server_declared_metric_empty{${series}}) == 1`,
    for: '10m',
    summary: 'has no value of a metric for somebody who asks',
    description: 'The source of {{ $labels.metric }} answers, and not with what an autoscaler wants to know: a label or a metric may have been renamed. explain shows answer and labels.',
  },
];

export const ALERT_NAMES: readonly string[] = ALERTS.map(({ name }) => name);

/** `spec.groups` of a PrometheusRule. */
export function alertGroups(server: MonitoredServer, rules: AlertRules): readonly object[] {
  const { name, namespace } = server;
  const alerts = ALERTS.filter((alert) => !rules.without?.includes(alert.name) && hasWhatItNeeds(server, alert));
  return [{
    name: `${namespace}/${name}`,
    rules: alerts.map((alert) => ({
      alert: alert.name,
      expr: alert.expr(server, rules),
      for: alert.for,
      labels: { severity: alert.severity, ...rules.alertLabels },
      annotations: {
        summary: `${namespace}/${name} ${alert.summary}.`,
        description: alert.description,
        runbook_url: `${rules.runbookBaseUrl ?? docsUrl('monitoring.md#')}${alert.name.toLowerCase()}`,
      },
    })),
  }];
}

function seconds(duration: Duration): number {
  return duration.toSeconds({ integral: false });
}
