// What prometheus-adapter serves by test/golden/from-prometheus-adapter/resource-usage.yaml, by one replica; two, as
// its own manifests have, come with highAvailability: true. How the cluster is moved, and which of its arguments go
// into extraArgs:
// https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/migrate-from-prometheus-adapter.md
import { Chart, Duration } from 'cdk8s';
import { MetricSource, MetricsAdapter } from 'cdk8s-metrics-server';
import { Construct } from 'constructs';

export class MetricsAdapterChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    new MetricsAdapter(this, 'metrics-adapter', {
      namespace: 'monitoring',
      // prometheus-adapter has the URL as its argument --prometheus-url, and what else it takes to be let in.
      sources: [MetricSource.prometheus({ url: 'http://prometheus.monitoring.svc:9090' })],
      // Remove resourceRules if the cluster has a metrics-server: they take metrics.k8s.io from it, v1 and v1beta1.
      // They cost Prometheus a query of all containers for each request, where a MetricsServer asks the kubelets
      // themselves.
      resourceRules: {
        cpu: {
          containerQuery: 'sum(rate(container_cpu_usage_seconds_total{<<.LabelMatchers>>}[3m])) by (<<.GroupBy>>)',
          nodeQuery: 'sum(rate(container_cpu_usage_seconds_total{<<.LabelMatchers>>, id=\'/\'}[3m])) by (<<.GroupBy>>)',
          resources: { node: 'nodes', namespace: 'namespaces', pod: 'pods' },
          containerLabel: 'container',
        },
        memory: {
          containerQuery: 'sum(container_memory_working_set_bytes{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
          nodeQuery: 'sum(container_memory_working_set_bytes{<<.LabelMatchers>>,id=\'/\'}) by (<<.GroupBy>>)',
          resources: { instance: 'nodes', namespace: 'namespaces', pod: 'pods' },
          containerLabel: 'container',
        },
        window: Duration.minutes(3),
      },
      // prometheus-adapter serves on until this one runs. Then remove the line, or write gitOps in its place, and apply
      // again.
      apiServices: false,
    });
  }
}
