import { Chart, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { otherAdapters, sources } from './random-metric-sources';
import { formula, labelled, podsOrigin, scheduleOrigin } from './random-origins';
import { podProps, withoutPodContradictions } from './random-pods';
import { optional, word } from './random-values';
import {
  Combination, DescribedResource, DiscoveryRule, EmptyMeaning, ExternalDiscoveryRule, ExternalMetricOptions, ExternalMetricTarget, Image,
  MetricOptions, MetricOrigin, MetricsAdapter, MetricsAdapterProps, MetricsReader, NanMeaning, ObjectMetricOptions, ObjectMetricTarget, Platform,
  PodsMetricOptions, PodsMetricTarget, ResourceRules, SeriesFilter, ServingCertificate,
} from '../src';


const association = {
  resources: optional(fc.constantFrom<{ [label: string]: string }>({ namespace: 'namespaces', pod: 'pods' }, { 'app.kubernetes.io/name': 'deployments.apps' })),
  resourceTemplate: optional(fc.constantFrom('<<.Resource>>', 'kube_<<.Group>>_<<.Resource>>')),
};

const rule = {
  ...association,
  seriesQuery: fc.constantFrom('requests_total', '{__name__=~"^container_.*",container!="POD"}', 'queue{namespace!=""}'),
  metricsQuery: fc.constantFrom(
    'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)', 'max(<<.Series>>{<<range $k, $v := .LabelValuesByName>><<$k>>=~"<<$v>>",<<end>>})\n',
  ),
  seriesFilters: optional(fc.subarray([SeriesFilter.matching('^a'), SeriesFilter.notMatching('_bucket$')])),
  nameMatches: optional(fc.constantFrom('^(.*)_total$', '^container_(.*)')),
  nameAs: optional(fc.constantFrom('${1}_per_second', 'y', '0x1')),
};

/** Rules of prometheus-adapter. Their source is the adapter's. */
export const discoveryRule: fc.Arbitrary<DiscoveryRule> = fc.record(rule);
export const externalDiscoveryRule: fc.Arbitrary<ExternalDiscoveryRule> = fc.record({ ...rule, namespaced: optional(fc.boolean()) });

const resourceRule = fc.record({
  ...association,
  containerQuery: fc.constant('sum by (<<.GroupBy>>) (container_cpu{<<.LabelMatchers>>})'),
  nodeQuery: fc.constant('sum by (<<.GroupBy>>) (\n  node_cpu{<<.LabelMatchers>>}\n)\n'),
  containerLabel: fc.constantFrom('container', 'container_name'),
});

export const resourceRules: fc.Arbitrary<ResourceRules> = fc.record({
  cpu: resourceRule, memory: resourceRule, window: optional(fc.integer({ min: 1, max: 600 }).map((seconds) => Duration.seconds(seconds))),
});

/** Valid properties of a MetricsAdapter. */
export const metricsAdapterProps: fc.Arbitrary<MetricsAdapterProps> = fc.record({
  ...podProps,
  sources,
  adapters: optional(otherAdapters),
  name: optional(word.map((name) => `adapter-${name}`)),
  namespace: optional(word),
  image: optional(fc.constant(Image.custom('mirror.example.com/metrics-server:1', { compatibleWith: Image.companion() }))),
  servingCertificate: optional(fc.constantFrom(ServingCertificate.certManager(), ServingCertificate.insecureSkipTlsVerify())),
  selectorLabels: optional(fc.constant({ app: 'adapter' })),
  resources: optional(fc.constant({ limits: { memory: '1Gi' } })),
  platform: optional(fc.constantFrom(Platform.eks(), Platform.fargate(), Platform.kubeadm())),
  customMetrics: optional(fc.constant(true)),
  externalMetrics: optional(fc.boolean()),
  resourceRules: optional(resourceRules),
  shutdownDelay: optional(fc.constantFrom(0, 10).map((seconds) => Duration.seconds(seconds))),
  extraArgs: optional(fc.constant<string[]>(['--v=2'])),
}).map((props) => withoutPodContradictions(props, props.platform?._facts.hostNetwork ?? true))
  .map((props) => props.terminationGracePeriod && props.terminationGracePeriod.toSeconds() <= 10 ? { ...props, shutdownDelay: undefined } : props);

const options = {
  combine: optional(fc.constantFrom(...Object.values(Combination))),
  refresh: optional(fc.integer({ min: 1000, max: 60_000 }).map((ms) => Duration.millis(ms))),
  maxAge: optional(fc.integer({ min: 60, max: 86_400 }).map((seconds) => Duration.seconds(seconds))),
  window: optional(fc.integer({ min: 1, max: 3600 }).map((seconds) => Duration.seconds(seconds))),
  onEmpty: optional(fc.constantFrom(...Object.values(EmptyMeaning))),
  onNan: optional(fc.constantFrom(...Object.values(NanMeaning))),
  minimum: optional(fc.double({ max: 0, noNaN: true, noDefaultInfinity: true })),
  maximum: optional(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
} satisfies Partial<Record<keyof MetricOptions, unknown>>;

/** Half of the metrics come from elsewhere than from their query. */
function orOf<T extends MetricOptions>(
  queried: fc.Arbitrary<T>, origin: fc.Arbitrary<MetricOrigin>, without: Partial<Record<keyof T, undefined>> = {},
): fc.Arbitrary<T> {
  return fc.oneof(queried, fc.tuple(queried, origin).map(([metric, given]) => ({ ...metric, ...without, query: undefined, origin: given })));
}

/** Metrics of each kind. Their sources are those of the adapter. */
const queriedPods: fc.Arbitrary<PodsMetricOptions> = fc.constantFrom(['pod', 'namespace'], ['exported_pod', 'exported_namespace'])
  .chain(([nameLabel, namespaceLabel]) => fc.record({
    ...options,
    query: fc.constant(`sum by (${nameLabel}, ${namespaceLabel}, code) (rate(requests_total{job="shop", code!~"5.."}[2m]))`),
    nameLabel: nameLabel === 'pod' ? optional(fc.constant(nameLabel)) : fc.constant(nameLabel),
    namespaceLabel: nameLabel === 'pod' ? optional(fc.constant(namespaceLabel)) : fc.constant(namespaceLabel),
  }));

export const podsMetricOptions = fc.oneof(
  orOf(queriedPods, podsOrigin, { nameLabel: undefined, namespaceLabel: undefined }), orOf(queriedPods, labelled('pod', 'namespace', 'exported_pod', 'exported_namespace')),
);

const queriedObject: fc.Arbitrary<ObjectMetricOptions> = fc.record({
  ...options,
  query: fc.constant('# requests\nmax by (thing, namespace) (requests) > 0'),
  resource: fc.constantFrom(
    DescribedResource.deployment(), DescribedResource.ingress(), DescribedResource.service(), DescribedResource.statefulSet(),
    DescribedResource.of('example.com/v1', 'Thing', 'things'), DescribedResource.namespace(),
  ),
  nameLabel: fc.constant('thing'),
  namespaceLabel: optional(fc.constant('namespace')),
}).map((metric) => metric.resource._isNamespace ? { ...metric, namespaceLabel: undefined } : metric);

export const objectMetricOptions = orOf(queriedObject, labelled('thing', 'namespace'));

const queriedExternal: fc.Arbitrary<ExternalMetricOptions> = fc.record({
  ...options, query: fc.constant("queue_length{queue='orders: new'}"), namespaceLabel: optional(fc.constant('namespace')), namespaces: optional(fc.constantFrom(['shop'], ['shop', 'mails'])),
});

export const externalMetricOptions = fc.oneof(
  orOf(queriedExternal, fc.oneof(labelled('namespace'), formula)), orOf(queriedExternal, scheduleOrigin, { namespaceLabel: undefined }),
);

const quantity = fc.constantFrom('100', '500m', '2k', '1Mi');
const eitherValue = fc.oneof(fc.record({ value: quantity }), fc.record({ averageValue: quantity }));

export const podsMetricTarget: fc.Arbitrary<PodsMetricTarget> = fc.record({ averageValue: quantity });
export const objectMetricTarget: fc.Arbitrary<ObjectMetricTarget> = fc.tuple(word, eitherValue).map(([name, value]) => ({ name, ...value }));
export const externalMetricTarget: fc.Arbitrary<ExternalMetricTarget> = eitherValue;

/** An adapter with a metric of each kind. */
export const adapters = fc.record({
  props: metricsAdapterProps,
  pods: podsMetricOptions,
  object: objectMetricOptions,
  external: externalMetricOptions,
  namesSources: fc.boolean(),
  rules: fc.array(discoveryRule, { maxLength: 2 }),
  externalRules: fc.array(externalDiscoveryRule, { maxLength: 2 }),
});

interface Adapter {
  readonly props: MetricsAdapterProps;
  readonly pods: PodsMetricOptions;
  readonly object: ObjectMetricOptions;
  readonly external: ExternalMetricOptions;
  readonly namesSources: boolean;
  readonly rules: readonly DiscoveryRule[];
  readonly externalRules: readonly ExternalDiscoveryRule[];
}

export function addMetricsAdapter(chart: Chart, { props, pods, object, external, namesSources, rules, externalRules }: Adapter): MetricsAdapter {
  const adapter = new MetricsAdapter(chart, 'adapter', props);
  const queried = props.sources!.filter(({ _isPrometheus }) => _isPrometheus);
  const sourcesOf = ({ query }: MetricOptions) => namesSources && query !== undefined ? { sources: queried } : {};
  adapter.addPodsMetric('requests_per_second', { ...pods, ...sourcesOf(pods) });
  adapter.addObjectMetric('requests', { ...object, ...sourcesOf(object) });
  if (props.externalMetrics !== false) adapter.addExternalMetric('queue_length', { ...external, ...sourcesOf(external) });
  const sourceOf = namesSources ? { source: queried[0] } : {};
  rules.forEach((one) => adapter.addDiscoveryRule({ ...one, ...sourceOf }));
  if (props.externalMetrics !== false) externalRules.forEach((one) => adapter.addExternalDiscoveryRule({ ...one, ...sourceOf }));
  adapter.grantRead(MetricsReader.user('system:kube-controller-manager'));
  adapter.grantExplain(MetricsReader.serviceAccount('given-account', 'default'));
  return adapter;
}
