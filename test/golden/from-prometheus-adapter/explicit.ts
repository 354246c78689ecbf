// What prometheus-adapter serves by test/golden/from-prometheus-adapter/explicit.yaml, by one replica; two, as its own
// manifests have, come with highAvailability: true. How the cluster is moved, and which of its arguments go into
// extraArgs:
// https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/migrate-from-prometheus-adapter.md
import { Chart } from 'cdk8s';
import { MetricSource, MetricsAdapter } from 'cdk8s-metrics-server';
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

    // test/golden/from-prometheus-adapter/explicit.yaml:3
    metrics.addDiscoveryRule({
      seriesQuery: 'http_requests_total{namespace!="",pod!=""}',
      resources: { namespace: 'namespaces', pod: 'pods' },
      nameMatches: '^(.*)_total$',
      nameAs: '${1}_per_second',
      metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)',
    });

    // test/golden/from-prometheus-adapter/explicit.yaml:10
    metrics.addDiscoveryRule({
      seriesQuery: 'nginx_ingress_controller_requests',
      resources: { exported_namespace: 'namespaces', ingress: 'ingresses.networking.k8s.io' },
      metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)',
    });
  }
}
