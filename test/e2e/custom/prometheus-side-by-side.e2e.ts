import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Adapter, METRICS_ADAPTER, OPEN, PROMETHEUS_ADAPTER } from './adapter';
import { ScrapedPrometheus } from './scraped-prometheus';
import { readConfiguration } from '../../../src/runtime/configured-metrics/configuration/configuration';
import { configurationIn } from '../../cli/from-prometheus-adapter/meaning';
import { runCli } from '../../cli/run-cli';
import { ControlPlane } from '../control-plane/control-plane';
import { eventually } from '../control-plane/eventually';
import { Kubectl } from '../control-plane/kubectl';
import { goModule } from '../go-module';

/** prometheus-adapter's sample is no YAML as it stands: it has double quotes within double quotes. Nothing else is changed. */
const UNREADABLE = readFileSync(join(goModule('sigs.k8s.io/prometheus-adapter'), 'docs/sample-config.yaml'), 'utf8');
const SAMPLE = UNREADABLE.replace(/metricsQuery: "(.*)"$/gm, "metricsQuery: '$1'");

/** What the sample does not have: names of several groups, functions of templates, values that are no numbers. */
const MORE = `
rules:
- seriesQuery: '{__name__=~"^http_requests_total$",namespace!=""}'
  resources: {template: "<<.Resource>>"}
  name: {matches: "^(.*)_(total)$", as: "\${1}_per_second"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[10s])) by (<<.GroupBy>>)
- seriesQuery: not_a_number
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  metricsQuery: <<.Series>>{<<.LabelMatchers>>}
- seriesQuery: queue_depth{namespace!=""}
  resources: {overrides: {namespace: {resource: namespace}, app: {group: apps, resource: deployment}}}
  metricsQuery: sum(<<.Series>>{namespace="<<index .LabelValuesByName "namespace">>"<<range $k, $v := .LabelValuesByName>><<if ne $k "namespace">>,<<$k>>=~"<<$v>>"<<end>><<end>>}) by (<<.GroupBy>>)
externalRules:
- seriesQuery: queue_depth
  resources: {template: "<<.Resource>>"}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (topic)
- seriesQuery: queue_depth
  resources: {namespaced: false}
  name: {as: queue_depth_everywhere}
  metricsQuery: scalar(sum(<<.Series>>{<<.LabelMatchers>>}))
`;

const CUSTOM = '/apis/custom.metrics.k8s.io/v1beta1';
const CUSTOM_V2 = '/apis/custom.metrics.k8s.io/v1beta2';
const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1';

/** Everybody may read everything: what is compared is not who may ask. */
const OBJECTS = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: anonymous}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: system:anonymous}]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: brands.cheese.io}
spec:
  group: cheese.io
  scope: Namespaced
  names: {plural: brands, singular: brand, kind: Brand}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
---
apiVersion: v1
kind: Pod
metadata: {name: web-0, namespace: default, labels: {app: web}}
spec: {containers: [{name: c, image: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: default, labels: {app: web}}
spec: {containers: [{name: c, image: c}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default}
spec: {ports: [{port: 80}]}
`;

/** Counters grow by the second. */
function exposed(): string {
  const seconds = Date.now() / 1000;
  return [
    ...['web-0', 'web-1'].flatMap((pod, index) => [
      `container_cpu_usage_seconds_total{namespace="default",pod="${pod}",container="c"} ${(index + 1) * 0.25 * seconds}`,
      `container_network_receive_bytes_total{namespace="default",pod="${pod}",container="c"} ${(index + 1) * 1000 * seconds}`,
      `http_requests_total{namespace="default",pod="${pod}",service="web",verb="GET"} ${(index + 1) * 3 * seconds}`,
      `http_requests_total{namespace="default",pod="${pod}",service="web",verb="PUT"} ${seconds}`,
    ]),
    'cheddar{sharp="true",brand="mature",namespace="default"} 1',
    'queue_consumer_lag{name="orders",namespace="default"} 12.3456',
    'queue_depth{topic="orders",name="a",namespace="default",app="web"} 7',
    'queue_depth{topic="returns",name="b",namespace="other",app="web"} 9',
    'not_a_number{namespace="default",pod="web-0"} NaN',
    '',
  ].join('\n');
}

/** One number may differ by when it was asked; time, window and the core group's version differ on purpose (docs/custom-metrics.md). */
function comparable(body: string): unknown {
  const { items = [], message, ...answer } = JSON.parse(body);
  return {
    ...answer,
    items: items.map(({ timestamp, windowSeconds, window, value, describedObject, ...item }: any) => ({
      ...item,
      ...(item.metricLabels === null && { metricLabels: {} }),
      ...(describedObject && { describedObject: { ...describedObject, apiVersion: describedObject.apiVersion.replace(/^\//, '') } }),
    })).sort((a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  };
}

function values(body: string): readonly number[] {
  return (JSON.parse(body).items ?? []).map(({ value }: { value: string }) => (value.endsWith('m') ? Number(value.slice(0, -1)) / 1000 : Number(value)))
    .sort((a: number, b: number) => a - b);
}

describe('beside prometheus-adapter', () => {
  const prometheus = new ScrapedPrometheus();
  const flags = [`--prometheus-url=${prometheus.url}`, '--metrics-relist-interval=2s', '--metrics-max-age=1h', ...OPEN];
  let controlPlane: ControlPlane;

  beforeAll(async () => {
    controlPlane = await ControlPlane.start({ controllers: false });
    const kubectl = new Kubectl(controlPlane);
    const objects = controlPlane.path('objects.yaml');
    writeFileSync(objects, OBJECTS);
    await eventually(() => kubectl.run('apply', '-f', objects));
    await prometheus.start(exposed);
    await prometheus.until('count_over_time(queue_depth[30s]) > 15');
  }, 120_000);

  afterAll(async () => {
    await prometheus.stop();
    await controlPlane?.stop();
  });

  test('its sample, which is no YAML, is refused by both', async () => {
    const peer = new Adapter(PROMETHEUS_ADAPTER, controlPlane, UNREADABLE, flags);
    expect(await peer.exited).not.toBe(0);
    expect(peer.log()).toContain('unable to parse metrics discovery config');
    await peer.stop();
    await expect(readConfiguration('sample-config.yaml', UNREADABLE)).rejects.toThrow(/^sample-config.yaml:30: is no YAML/);
  });

  describe.each([
    ['the sample', SAMPLE, [
      `${CUSTOM}/namespaces/default/pods/*/cpu_usage`,
      `${CUSTOM}/namespaces/default/pods/*/network_receive_bytes?labelSelector=app%3Dweb`,
      `${CUSTOM_V2}/namespaces/default/pods/web-1/http_requests?metricLabelSelector=verb%3DGET`,
      `${CUSTOM}/namespaces/default/services/web/http_requests`,
      `${CUSTOM}/namespaces/default/metrics/http_requests`,
      `${CUSTOM}/namespaces/default/pods/web-2/http_requests`,
      `${CUSTOM}/namespaces/default/pods/*/nothing`,
      `${CUSTOM}/namespaces/default/pods/*/http_requests?labelSelector=app%3Dnone`,
      `${CUSTOM}/namespaces/default/brands.cheese.io/mature/cheesy_goodness`,
      `${EXTERNAL}/namespaces/default/queue_depth`,
      `${EXTERNAL}/namespaces/default/queue_depth?labelSelector=topic+in+%28orders%2Creturns%29`,
      `${EXTERNAL}/namespaces/default/nothing`,
    ]],
    ['another configuration', MORE, [
      `${CUSTOM}/namespaces/default/pods/*/http_requests_per_second`,
      `${CUSTOM_V2}/namespaces/default/pods/*/http_requests_per_second?metricLabelSelector=verb+in+%28GET%2CPUT%29`,
      `${CUSTOM}/namespaces/default/services/web/http_requests_per_second?metricLabelSelector=verb+notin+%28GET%29`,
      `${CUSTOM}/namespaces/default/pods/web-0/not_a_number`,
      `${CUSTOM}/namespaces/default/deployments.apps/web/queue_depth`,
      `${EXTERNAL}/namespaces/default/queue_depth`,
      `${EXTERNAL}/namespaces/other/queue_depth?labelSelector=topic%3Dreturns`,
      `${EXTERNAL}/namespaces/other/queue_depth_everywhere`,
    ]],
  ])('%s gives', (_, configuration, paths) => {
    let peer: Adapter;
    let ours: Adapter;
    /** By the configuration that a chart carries, in the program that the command line makes of it. */
    let charted: Adapter;

    beforeAll(async () => {
      peer = new Adapter(PROMETHEUS_ADAPTER, controlPlane, configuration, flags);
      ours = new Adapter(METRICS_ADAPTER, controlPlane, configuration, flags);
      const { out } = runCli(['from-prometheus-adapter', '-', '--prometheus-url', prometheus.url], { '-': configuration });
      charted = new Adapter({ ...METRICS_ADAPTER, name: 'charted', port: 6446 }, controlPlane, configurationIn(out), flags);
      await peer.ready(paths[0]);
      await ours.ready(paths[0]);
      await charted.ready(paths[0]);
    }, 180_000);

    afterAll(async () => {
      await charted?.stop();
      await ours?.stop();
      await peer?.stop();
    });

    test('the same metrics', async () => {
      for (const root of [CUSTOM, EXTERNAL]) {
        const [theirs, mine, chart] = [await peer.ask(root), await ours.ask(root), await charted.ask(root)].map(({ body }) => (
          JSON.parse(body).resources.map(({ name, namespaced }: any) => `${name} ${namespaced}`).sort()
        ));
        expect({ mine, chart }).toEqual({ mine: theirs, chart: theirs });
      }
    });

    test.each(paths)('the same answer to %s', async (path) => {
      const [theirs, ...all] = await Promise.all([peer, ours, charted].map((adapter) => adapter.ask(path)));
      const expected = values(theirs.body);
      for (const mine of all) {
        expect({ status: mine.status, ...comparable(mine.body) as object }).toEqual({ status: theirs.status, ...comparable(theirs.body) as object });
        values(mine.body).forEach((value, index) => expect(Math.abs(value - expected[index])).toBeLessThanOrEqual(0.05 * Math.abs(expected[index])));
      }
    });
  });
});
