import { Adapter, METRICS_ADAPTER, PROMETHEUS_ADAPTER } from './adapter';
import { AutoscaledCluster } from './autoscaled-cluster';
import { ScrapedPrometheus } from './scraped-prometheus';

/** As prometheus-adapter reads it. */
const RULES = `
rules:
- seriesQuery: http_requests_total{namespace!="",pod!=""}
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  name: {matches: "^(.*)_total$", as: "\${1}_per_second"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[5s])) by (<<.GroupBy>>)
- seriesQuery: connections{namespace!="",service!=""}
  resources: {template: "<<.Resource>>"}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)
externalRules:
- seriesQuery: queue_length
  resources: {namespaced: false}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (queue)
`;

/** The same without discovery. */
const DECLARED = `
metrics:
- name: http_requests_per_second
  query: sum by (namespace, pod) (rate(http_requests_total[5s]))
  object: {resource: pods, nameLabel: pod}
  namespaceLabel: namespace
  refresh: 1s
- name: connections
  query: sum by (namespace, service) (connections)
  object: {resource: services, nameLabel: service}
  namespaceLabel: namespace
  refresh: 1s
- name: queue_length
  query: sum by (queue) (queue_length)
  refresh: 1s
`;

const AUTOSCALERS = {
  pods: { type: 'Pods', pods: { metric: { name: 'http_requests_per_second' }, target: { type: 'AverageValue', averageValue: '10' } } },
  object: {
    type: 'Object',
    object: {
      describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' },
      metric: { name: 'connections' },
      target: { type: 'AverageValue', averageValue: '20' },
    },
  },
  external: {
    type: 'External',
    external: { metric: { name: 'queue_length', selector: { matchLabels: { queue: 'orders' } } }, target: { type: 'AverageValue', averageValue: '5' } },
  },
};
/** Of which there may be none. */
const TO_ZERO = {
  type: 'External',
  external: { metric: { name: 'queue_length', selector: { matchLabels: { queue: 'mails' } } }, target: { type: 'AverageValue', averageValue: '5' } },
};

const LITTLE = { requestsPerSecond: 8, connections: 15, orders: 3, mails: 0 };
const MUCH = { requestsPerSecond: 36, connections: 70, orders: 18, mails: 12 };

describe('autoscalers of type Pods, Object and External', () => {
  const prometheus = new ScrapedPrometheus();
  const counters = new Map<string, number>();
  let scrapedMs = Date.now();
  let load = LITTLE;
  let cluster: AutoscaledCluster;

  /** The requests of all go evenly to the pods of one Deployment. */
  function exposed(): string {
    const pods = cluster.podNames.filter((name) => name.startsWith('pods-'));
    const seconds = (Date.now() - scrapedMs) / 1000;
    scrapedMs += seconds * 1000;
    for (const pod of pods) counters.set(pod, (counters.get(pod) ?? 0) + seconds * load.requestsPerSecond / pods.length);
    return [
      ...pods.map((pod) => `http_requests_total{namespace="default",pod="${pod}"} ${counters.get(pod)}`),
      `connections{namespace="default",service="web"} ${load.connections}`,
      `queue_length{queue="orders"} ${load.orders}`,
      `queue_length{queue="mails"} ${load.mails}`,
      'queue_length{queue="others"} 1000',
      '',
    ].join('\n');
  }

  beforeAll(async () => {
    cluster = await AutoscaledCluster.start();
    await prometheus.start(exposed);
    await cluster.apply([{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { ports: [{ port: 80 }] } }]);
    for (const [name, metric] of Object.entries(AUTOSCALERS)) await cluster.autoscale(name, metric);
    await cluster.autoscale('to-zero', TO_ZERO, 0);
  });

  afterAll(async () => {
    await prometheus.stop();
    await cluster?.stop();
  });

  describe.each([
    ['prometheus-adapter', PROMETHEUS_ADAPTER, RULES],
    ['our runtime by the same configuration', METRICS_ADAPTER, RULES],
    ['our runtime by metrics that name their query', METRICS_ADAPTER, DECLARED],
  ])('follow %s', (_, program, configuration) => {
    let adapter: Adapter;

    beforeAll(async () => {
      adapter = new Adapter(program, cluster.controlPlane, configuration, [`--prometheus-url=${prometheus.url}`, '--metrics-relist-interval=2s', '--metrics-max-age=1h']);
      await cluster.serve(adapter);
    });

    afterAll(() => adapter?.stop());

    test.each([['up', MUCH, 4, 3], ['down', LITTLE, 1, 0]])('%s', async (__, now, replicas, replicasFromZero) => {
      load = now;
      await Promise.all([
        ...Object.keys(AUTOSCALERS).map((name) => cluster.replicasBecome(name, replicas)),
        cluster.replicasBecome('to-zero', replicasFromZero),
      ]);
      for (const name of Object.keys(AUTOSCALERS)) expect(await cluster.scalingActive(name)).toBe('True');
    });
  });
});
