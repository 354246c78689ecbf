// What prometheus-adapter serves by test/golden/from-prometheus-adapter/templates.yaml, by one replica; two, as its own
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

    // test/golden/from-prometheus-adapter/templates.yaml:3
    // Of what resourceTemplate names, the adapter may list namespaces, pods and services: name others in resources.
    metrics.addDiscoveryRule({
      seriesQuery: 'queue_age',
      resources: { y: 'nodes', node: 'nodes', exported_app: 'deployments.apps' },
      resourceTemplate: '<<.Group>>_<<.Resource>>',
      metricsQuery: '<<- .Series ->>{<<.LabelMatchers>>}',
    });

    // test/golden/from-prometheus-adapter/templates.yaml:8
    // Of what resourceTemplate names, the adapter may list namespaces, pods and services: name others in resources.
    metrics.addDiscoveryRule({
      seriesQuery: 'queue_depth',
      resources: { y: 'nodes', node: 'nodes', exported_app: 'deployments.apps' },
      resourceTemplate: '<<.Group>>_<<.Resource>>',
      metricsQuery: 'sum(<<.Series>>{namespace="<<index .LabelValuesByName "namespace">>"<<range $k, $v := .LabelValuesByName>><<if ne $k "namespace">>,<<$k>>=~"<<$v>>"<<end>><<end>>}) by (<<.GroupBy>>)',
    });
  }
}
