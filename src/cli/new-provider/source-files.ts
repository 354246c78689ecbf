/** The provider, the server that it runs in, and its test. */
export function sourceFiles(name: string): Record<string, string> {
  return { 'src/provider.ts': PROVIDER, 'src/server.ts': server(name), 'test/provider.test.ts': TEST };
}

const PROVIDER = `import {
  ClusterObjects, CustomMetricInfo, CustomMetricsProvider, MetricNotFoundError, MetricValue, NamespacedName, Quantity, Selector,
} from 'cdk8s-metrics-server/runtime';

const METRIC: CustomMetricInfo = { groupResource: { group: '', resource: 'pods' }, namespaced: true, metric: 'name_length' };

/** One metric of pods, to be replaced by yours: how many letters a pod's name has. */
export class NameLengths implements CustomMetricsProvider {
  private readonly metrics = [METRIC];

  constructor(private readonly objects: ClusterObjects) {}

  /** What discovery shows. Autoscalers may ask for others. */
  listAllMetrics(): readonly CustomMetricInfo[] {
    return this.metrics;
  }

  /** For metrics of type Object. */
  async getMetricByName({ name }: NamespacedName, info: CustomMetricInfo): Promise<MetricValue> {
    if (info.metric !== METRIC.metric) throw new MetricNotFoundError(info, name);
    return { objectName: name, value: Quantity.of(name.length), timestampMs: Date.now() };
  }

  /** For metrics of type Pods: a value for each object that the selector chooses. */
  async getMetricBySelector(
    namespace: string, selector: Selector, info: CustomMetricInfo, _metricSelector: Selector, signal: AbortSignal, user?: string,
  ): Promise<readonly MetricValue[]> {
    const names = await this.objects.names(info.groupResource, namespace, selector, signal, user);
    return Promise.all(names.map((name) => this.getMetricByName({ namespace, name }, info)));
  }
}
`;

function server(name: string): string {
  return `import { serve } from 'cdk8s-metrics-server/runtime';
import { NameLengths } from './provider';

serve(({ objects }) => ({ customMetrics: new NameLengths(objects) }), { name: '${name}' });
`;
}

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterObjects, parseSelector, Selector } from 'cdk8s-metrics-server/runtime';
import { NameLengths } from '../src/provider';

/** A cluster with two pods. */
const objects: ClusterObjects = {
  names: async (_resource, _namespace, selector) => [{ app: 'web' }, { app: 'queue' }].filter((labels) => selector.matches(labels)).map(({ app }) => app),
  mapping: async () => undefined,
};

const provider = new NameLengths(objects);
const [metric] = provider.listAllMetrics();
const { signal } = new AbortController();

test('each pod that matches has a value', async () => {
  const values = await provider.getMetricBySelector('default', parseSelector('app in (web,queue)'), metric, Selector.everything, signal);
  assert.deepEqual(values.map(({ objectName, value }) => [objectName, String(value)]), [['web', '3'], ['queue', '5']]);
});

test('a metric that there is not is not found', async () => {
  await assert.rejects(provider.getMetricByName({ namespace: 'default', name: 'web' }, { ...metric, metric: 'other' }), { code: 404 });
});
`;
