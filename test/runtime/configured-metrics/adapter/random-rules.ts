import * as fc from 'fast-check';
import { systemClock } from '../../../../src/runtime/clock';
import { readDocument } from '../../../../src/runtime/configuration-file/document';
import { RuleCustomMetrics } from '../../../../src/runtime/configured-metrics/adapter/custom-metrics';
import { RuleExternalMetrics } from '../../../../src/runtime/configured-metrics/adapter/external-metrics';
import { RuleQueries } from '../../../../src/runtime/configured-metrics/adapter/rule-queries';
import { SeriesDiscovery } from '../../../../src/runtime/configured-metrics/adapter/series-discovery';
import { readConfiguration } from '../../../../src/runtime/configured-metrics/configuration/configuration';
import { formatGroupResource } from '../../../../src/runtime/custom-metrics/objects';
import { parseSelector } from '../../../../src/runtime/labels/selector';
import { sourceConfiguration } from '../../../../src/runtime/prometheus/source-configuration';
import { Sources } from '../../../../src/runtime/prometheus/sources';
import { silentLogger } from '../../../../src/runtime/telemetry/logger';
import { FakeClusterObjects } from '../../custom-metrics/fake-cluster-objects';
import { FakePrometheus } from '../../prometheus/fake-prometheus';

export interface Question {
  readonly config: string;
  readonly series: readonly Readonly<Record<string, string>>[];
  readonly namespace: string;
  readonly names: readonly string[];
  readonly selector: string;
}

/** A metric and its query, as test/e2e/custom/go/queries prints them. */
export interface Metric {
  readonly name: string;
  readonly group?: string;
  readonly resource?: string;
  readonly query?: string;
  readonly refused?: true;
}

/** One label for each resource: which of two prometheus-adapter takes is up to chance. */
const overrides = fc.oneof(
  fc.subarray(['namespace: {resource: namespace}', 'pod: {resource: pod}', 'deploy: {resource: deployment}', 'node: {resource: nodes}']),
  fc.subarray(['kube_pod: {resource: pods}', 'app: {group: apps, resource: deployment}', 'ing: {group: networking, resource: ingress}']),
);
const template = fc.constantFrom('', '<<.Resource>>', 'kube_<<.Resource>>', 'kube_<<.Group>>_<<.Resource>>', 'x_<<if .Group>><<.Group>>_<<end>><<.Resource>>');
const filters = fc.subarray(['is: ^http', 'isNot: _total$', 'is: "(?i)REQUESTS"', 'isNot: ^node_']);
const naming = fc.constantFrom(
  '{}', '{matches: "^(.*)_total$"}', '{matches: "^(.*)_total$", as: "${1}_per_second"}', '{matches: "_seconds", as: "${0}x"}', '{as: "fixed"}',
  '{matches: "^(?P<first>[^_]+)_(.*)$", as: "${2}_of_$first"}',
);
const query = fc.constantFrom(
  'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)',
  '<<.Series>>{<<.LabelMatchers>>,container!="POD"}',
  'x{pod=~"<<index .LabelValuesByName "pod">>",<<range $k, $v := .LabelValuesByName>><<$k>>="<<$v>>",<<end>>} by <<.GroupBySlice>>',
  '<<if .GroupBy>>sum by (<<.GroupBy>>)(<<else>>(<<end>><<.Series>>{<<.LabelMatchers>>})',
);
const rule = fc.record({ overrides, template, filters, naming, query, namespaced: fc.constantFrom('', 'true', 'false') })
  .map((one) => [
    '- seriesQuery: up',
    `  seriesFilters: [${one.filters.map((filter) => `{${filter}}`).join(', ')}]`,
    `  resources: {overrides: {${one.overrides.join(', ')}}${one.template && `, template: '${one.template}'`}${one.namespaced && `, namespaced: ${one.namespaced}`}}`,
    `  name: ${one.naming}`,
    `  metricsQuery: '${one.query}'`,
  ].join('\n'));

const labelNames = fc.subarray(['namespace', 'pod', 'kube_pod', 'deploy', 'app', 'ing', 'node', 'service', 'kube_apps_deployment', 'x_cheese_io_brand', 'job']);
const series = fc.tuple(
  fc.constantFrom('http_requests_total', 'http_request_duration_seconds_total', 'node_load', 'queue_depth', 'HTTP_REQUESTS'), labelNames,
).map(([name, labels]) => ({ __name__: name, ...Object.fromEntries(labels.map((label) => [label, 'x'])) }));

export const questions: fc.Arbitrary<Question> = fc.record({
  config: fc.tuple(fc.array(rule, { minLength: 1, maxLength: 2 }), fc.array(rule, { maxLength: 1 }))
    .map(([rules, external]) => `rules:\n${rules.join('\n')}\n${external.length > 0 ? `externalRules:\n${external.join('\n')}\n` : ''}`),
  series: fc.array(series, { minLength: 1, maxLength: 5 }),
  namespace: fc.constantFrom('shop', 'default'),
  names: fc.constantFrom(['web'], ['web-0', 'web-1'], ['a.b', 'c"d', 'e\\f']),
  selector: fc.constantFrom('', 'verb=GET', 'verb in (GET,PUT),code!=500', 'code in (5.0)', 'a notin (x,y),b,!c,d notin (z)', 'pod=other'),
});

/** What the names of metrics and the queries are here. */
export async function answer({ config, series: all, namespace, names, selector }: Question): Promise<readonly Metric[]> {
  const prometheus = new FakePrometheus();
  prometheus.seriesOf = () => all;
  const objects = new FakeClusterObjects(names);
  const source = sourceConfiguration(await readDocument('source', '{name: main, url: "http://main"}'));
  const { rules, externalRules } = await readConfiguration('config.yaml', config, { defaultSource: source });
  const sources = new Sources([prometheus]);
  const discovery = new SeriesDiscovery({
    sourceSaid: (name = '') => name,
    rules,
    externalRules,
    sources,
    objects,
    clock: systemClock,
    log: silentLogger,
    relistIntervalMs: 60_000,
    maxAgeMs: 60_000,
  });
  const { signal } = new AbortController();
  await discovery.update(signal);
  const queries = new RuleQueries(sources, systemClock);
  const custom = new RuleCustomMetrics(discovery, queries, objects);
  const external = new RuleExternalMetrics(discovery, queries);
  const metricSelector = parseSelector(selector);
  const metrics = new Map<string, Metric>();
  for (const info of custom.listAllMetrics()) {
    const { group, resource } = info.groupResource;
    const rootScoped = group === '' && ['namespaces', 'nodes', 'persistentvolumes'].includes(resource);
    const asked = await queryOf(() => custom.getMetricBySelector(rootScoped ? '' : namespace, parseSelector(''), info, metricSelector, signal));
    metrics.set(`${formatGroupResource(info.groupResource)}/${info.metric}`, { name: info.metric, ...(group && { group }), resource, ...asked });
  }
  for (const info of external.listAllExternalMetrics()) {
    metrics.set(`/${info.metric}`, { name: info.metric, ...await queryOf(() => external.getExternalMetric(namespace, metricSelector, info, signal)) });
  }
  return [...metrics].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, metric]) => metric);

  async function queryOf(ask: () => Promise<unknown>): Promise<{ readonly query: string } | { readonly refused: true }> {
    prometheus.queries.length = 0;
    await ask().catch(() => {});
    return prometheus.queries.length === 0 ? { refused: true } : { query: prometheus.queries[0] };
  }
}
