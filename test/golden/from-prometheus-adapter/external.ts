// What prometheus-adapter serves by test/golden/from-prometheus-adapter/external.yaml, by one replica; two, as its own
// manifests have, come with highAvailability: true. How the cluster is moved, and which of its arguments go into
// extraArgs:
// https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/migrate-from-prometheus-adapter.md
import { Chart } from 'cdk8s';
import { MetricSource, MetricsAdapter, SeriesFilter } from 'cdk8s-metrics-server';
import { Construct } from 'constructs';

export class MetricsAdapterChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const metrics = new MetricsAdapter(this, 'metrics-adapter', {
      namespace: 'monitoring',
      // prometheus-adapter has the URL as its argument --prometheus-url, and what else it takes to be let in.
      sources: [MetricSource.prometheus({ url: 'http://prometheus.monitoring.svc:9090' })],
      // prometheus-adapter serves on until this one runs. Then remove the line, or write gitOps in its place, and apply
      // again.
      apiServices: false,
    });

    // test/golden/from-prometheus-adapter/external.yaml:2
    metrics.addExternalDiscoveryRule({
      seriesQuery: '{__name__=~"^rabbitmq_queue_messages_(ready|unacked)$",queue!=""}',
      seriesFilters: [SeriesFilter.matching('^rabbitmq_'), SeriesFilter.notMatching('_bucket$')],
      namespaced: false,
      nameAs: 'queue.messages',
      metricsQuery: `# all of them
max(<<.Series>>{<<.LabelMatchers>>}) by (queue)
`,
    });

    // test/golden/from-prometheus-adapter/external.yaml:11
    metrics.addExternalDiscoveryRule({
      seriesQuery: 'sqs_length',
      resourceTemplate: 'kube_<<.Resource>>',
      metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>})',
    });
  }
}
