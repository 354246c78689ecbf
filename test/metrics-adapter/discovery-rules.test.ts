import { Duration } from 'cdk8s';
import { MetricsAdapter, MetricsAdapterProps, MetricsReader, MetricsServer, MetricSource, SeriesFilter } from '../../src';
import { readConfiguration } from '../../src/runtime/configured-metrics/configuration/configuration';
import { objectOf, testChart } from '../synthesize';

const PROMETHEUS = MetricSource.prometheus({ url: 'http://prometheus.monitoring.svc:9090' });
const OTHER = MetricSource.prometheus({ url: 'http://mimir.monitoring.svc', name: 'mimir' });
const RULE = { seriesQuery: 'http_requests_total{namespace!=""}', metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)' };
const USAGE = { containerQuery: 'cpu{<<.LabelMatchers>>}', nodeQuery: 'node_cpu{<<.LabelMatchers>>}', containerLabel: 'container', resourceTemplate: '<<.Resource>>' };

function adapter(props: Partial<MetricsAdapterProps> = {}) {
  const chart = testChart({ namespace: 'monitoring' });
  return { chart, metrics: new MetricsAdapter(chart, 'metrics', { sources: [PROMETHEUS, OTHER], ...props }) };
}

test('every field of a rule gets to the runtime', async () => {
  const { chart, metrics } = adapter();
  metrics.addDiscoveryRule({
    ...RULE,
    seriesFilters: [SeriesFilter.matching('^http_'), SeriesFilter.notMatching('_bucket$')],
    resources: { pod: 'pods', ingress: 'ingresses.networking.k8s.io' },
    resourceTemplate: 'kube_<<.Resource>>',
    nameMatches: '^(.*)_total$',
    nameAs: '${1}_per_second',
    source: OTHER,
  });
  metrics.addExternalDiscoveryRule({ ...RULE, namespaced: false });

  const { rules: [rule], externalRules: [external] } = await readConfiguration('config.yaml', objectOf(chart, 'ConfigMap').data['config.yaml']);
  expect(rule).toMatchObject({
    seriesQuery: RULE.seriesQuery,
    filters: [{ isNot: false }, { isNot: true }, { isNot: false }],
    resources: {
      overrides: new Map([['pod', { group: '', resource: 'pods' }], ['ingress', { group: 'networking.k8s.io', resource: 'ingresses' }]]),
      labels: { template: { text: 'kube_<<.Resource>>' } },
    },
    name: { as: '${1}_per_second' },
    metricsQuery: { text: RULE.metricsQuery },
    source: 'mimir',
  });
  expect(external).toMatchObject({ namespaced: false, source: undefined });
});

test('what objects they may be of may be listed, and every metric read by whom that is granted', () => {
  const { chart, metrics } = adapter();
  metrics.addDiscoveryRule(RULE);
  expect((chart.toJson() as any[]).map(({ metadata }) => metadata.name)).not.toContain('metrics-adapter.monitoring:described-objects');
  metrics.addDiscoveryRule({ ...RULE, resources: { pod: 'pods', ingress: 'ingresses.networking.k8s.io' } });
  expect(objectOf(chart, 'ClusterRole', 'metrics-adapter.monitoring:described-objects').rules.map(({ resources }: any) => resources[0])).toEqual(['pods', 'ingresses']);
  metrics.addDiscoveryRule({ ...RULE, resourceTemplate: '<<.Resource>>' });
  metrics.addExternalDiscoveryRule(RULE);
  metrics.grantRead(MetricsReader.user('system:kube-controller-manager'));

  expect(objectOf(chart, 'ClusterRole', 'metrics-adapter.monitoring:described-objects').rules.map(({ resources }: any) => resources[0]))
    .toEqual(['pods', 'ingresses', 'namespaces', 'services']);
  expect(objectOf(chart, 'ClusterRole', 'metrics-adapter.monitoring:custom-metrics-reader').rules).toEqual([
    { apiGroups: ['custom.metrics.k8s.io'], resources: ['*'], verbs: ['get'] }, { apiGroups: ['external.metrics.k8s.io'], resources: ['*'], verbs: ['list'] },
  ]);
});

test('resourceRules make it a server of metrics.k8s.io, which watches nodes and pods', async () => {
  const rules = { cpu: USAGE, memory: USAGE, window: Duration.minutes(5) };
  const { chart } = adapter({ customMetrics: false, externalMetrics: false, resourceRules: rules });

  const { resourceRules } = await readConfiguration('config.yaml', objectOf(chart, 'ConfigMap').data['config.yaml']);
  expect(resourceRules).toMatchObject({ windowMs: 300_000, cpu: { containerLabel: 'container' } });
  const apiServices = (chart.toJson() as any[]).filter(({ kind }) => kind === 'APIService');
  expect(apiServices.map(({ metadata }) => metadata.name)).toEqual(['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io']);
  expect(objectOf(chart, 'ClusterRole', 'metrics-adapter.monitoring').rules).toContainEqual({ apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list', 'watch'] });

  new MetricsServer(chart, 'metrics-server');
  expect(() => chart.toJson()).toThrow(/v1beta1\.metrics\.k8s\.io, which .+ registers as well/);
});

describe.each(['addDiscoveryRule', 'addExternalDiscoveryRule'] as const)('%s refuses at synth', (add) => {
  test.each<[string, object, RegExp]>([
    ['series that are none', { seriesQuery: 'rate(a[5m])' }, /rule\.seriesQuery: given 'rate\(a\[5m\]\)'; allowed: a selector of series/],
    ['a selector of every series', { seriesQuery: '{__name__=~".*"}' }, /rule\.seriesQuery: .* would choose every series/],
    ['a selector that does not end', { seriesQuery: 'a{' }, /rule\.seriesQuery: .* allowed: PromQL/],
    ['a template of what is no PromQL', { metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}' }, /rule\.metricsQuery: .* PromQL; "\)" or "," is expected at its end; to mend it, write it as in sum by \(<<\.GroupBy>>\)/],
    ['a template with a mistake behind fields', { metricsQuery: '<<.Series>>{<<.LabelMatchers>>} b' }, /an operator or the end is expected at line 1, column 33, in place of b;/],
    ['a template that the adapter does not know', { metricsQuery: 'sum(<<.Series | lower>>)' }, /rule\.metricsQuery: .* allowed: a template of Series, LabelMatchers, .*; at character \d+: /],
    ['a field that there is not', { metricsQuery: 'sum(<<.Metric>>)' }, /rule\.metricsQuery: .* at character \d+: /],
    ['a label that is the same for all resources', { resourceTemplate: 'kube' }, /rule\.resourceTemplate: given 'kube'; allowed: a template that holds <<\.Resource>>/],
    ['a resource that is none', { resources: { pod: 'Pod' } }, /rule\.resources\['pod'\]: given 'Pod'; allowed: a resource in the plural/],
    ['an expression that is not RE2\'s', { nameMatches: '^(?!http)' }, /rule\.nameMatches: given '\^\(\?!http\)'; allowed: a regular expression as Go has them; /],
    ['a name of several groups', { nameMatches: '^(a)_(b)$' }, /rule\.nameAs: given undefined; allowed: one of the 2 groups of nameMatches; to mend it, write it as in \$\{1\}/],
    ['a filter that is no expression', { seriesFilters: [SeriesFilter.matching('(')] }, /rule\.seriesFilters\[0\]\.expression: given '\('; allowed: a regular expression/],
    ['a matcher that is no expression', { seriesQuery: 'a{b=~"*"}' }, /rule\.seriesQuery: .* PromQL with regular expressions as Go has them/],
    ['a group of another name', { nameMatches: '^(.*)_total$', nameAs: '$1_per_second' }, /rule\.nameAs: given '\$1_per_second'; allowed: groups that nameMatches has: \$1_per_second is a group named 1_per_second; to mend it, write \$\{1\}_per_second/],
    ['a resource in the singular', { resources: { pod: 'pod' } }, /rule\.resources\['pod'\]: given 'pod'; allowed: resources as the cluster serves them; to mend it, write pods/],
    ['a resource without its group', { resources: { ingress: 'ingresses' } }, /to mend it, write ingresses\.networking\.k8s\.io/],
    ['an empty name', { nameAs: '' }, /rule\.nameAs: given ''; allowed: text that is not empty/],
    ['a source of another adapter', { source: MetricSource.prometheus({ url: 'http://a', name: 'a' }) }, /rule\.source: given 'the source a'/],
  ])('%s', (_, wrong, message) => {
    expect(() => adapter().metrics[add]({ ...RULE, ...wrong })).toThrow(message);
  });

  test('metrics of an API that leads elsewhere', () => {
    const elsewhere = { [add === 'addDiscoveryRule' ? 'customMetrics' : 'externalMetrics']: false };
    expect(() => adapter(elsewhere).metrics[add](RULE)).toThrow(/rule\.seriesQuery: given 'http_requests_total\{.+ beside \w+Metrics: false/);
  });
});
