// Serves every custom metric as 10. `node server.js --help` lists its flags.
import {
  ClusterObjects, CustomMetricInfo, CustomMetricsProvider, MetricValue, NamespacedName, Quantity, Selector, serve,
} from 'cdk8s-metrics-server/runtime';

class ConstantMetrics implements CustomMetricsProvider {
  /** What discovery shows; others are served as well. */
  private readonly metrics = [{ groupResource: { group: '', resource: 'pods' }, namespaced: true, metric: 'pod_cpu_used_1m' }];

  constructor(private readonly objects: ClusterObjects) {}

  listAllMetrics(): readonly CustomMetricInfo[] {
    return this.metrics;
  }

  async getMetricByName({ name }: NamespacedName): Promise<MetricValue> {
    return ten(name);
  }

  async getMetricBySelector(
    namespace: string, selector: Selector, { groupResource }: CustomMetricInfo, _metricSelector: Selector, signal: AbortSignal, user?: string,
  ): Promise<MetricValue[]> {
    const names = await this.objects.names(groupResource, namespace, selector, signal, user);
    return names.map(ten);
  }
}

function ten(objectName: string): MetricValue {
  return { objectName, value: Quantity.of(10), timestampMs: Date.now() };
}

serve(({ objects }) => ({ customMetrics: new ConstantMetrics(objects) }), { name: 'kube-hpa' });
