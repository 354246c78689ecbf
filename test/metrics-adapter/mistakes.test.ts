import { Chart, Duration, Testing } from 'cdk8s';
import {
  DescribedResource, Image, MetricOptions, MetricOrigin, MetricsAdapter, MetricsAdapterProps, MetricSource, MetricsReader, OtherAdapter,
  PodsOriginOptions, PodValues, PrometheusSourceOptions, SourceCa, SourceCredentials,
} from '../../src';
import { testChart } from '../synthesize';

const PROMETHEUS = MetricSource.prometheus({ url: 'http://prometheus:9090' });
const USAGE = { containerQuery: 'a', nodeQuery: 'b', containerLabel: 'container' };
const RPS = 'sum by (namespace, pod) (rate(a[2m]))';

function adapter(props: object = {}): MetricsAdapter {
  return new MetricsAdapter(testChart(), 'it', { sources: [PROMETHEUS], ...props });
}

/** Path of the construct, what was given, what is allowed, how to mend it, all in one line. */
function expectMistake(synthesize: () => unknown, property: string, given: string, allowed: string): void {
  let message = '';
  try {
    synthesize();
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toMatch(/^\[test\/it[^\]]*\] .+: given .+; allowed: .+; to mend it, .+$/);
  expect(message).toContain(`] ${property}: given ${given}`);
  expect(message.split('; allowed: ')[1].split('; to mend it, ')[0]).toContain(allowed);
}

test.each<[string, { [K in keyof MetricsAdapterProps]?: unknown }, string, string]>([
  ['sources', { sources: [], resourceRules: { cpu: USAGE, memory: USAGE } }, "'none beside resourceRules'", 'at least one'],
  ['sources', { sources: PROMETHEUS }, '', 'a list'],
  ['sources[1].name', { sources: [PROMETHEUS, PROMETHEUS] }, "'prometheus'", 'a name of its own'],
  ['adapters[0].name', { adapters: [OtherAdapter.at({ name: 'prometheus', url: 'https://a' })] }, "'prometheus'", 'a name of its own'],
  ['adapters[0].url', { adapters: [OtherAdapter.at({ name: 'a', url: 'http://a' })] }, "'http://a'", 'https://: a token is sent'],
  ['adapters[0].insecureSkipTlsVerify', { adapters: [OtherAdapter.at({ name: 'a', url: 'https://a', insecureSkipTlsVerify: true } as any)] }, 'true', 'no insecureSkipTlsVerify here'],
  ['host', { host: {} }, '', 'the server of a MetricsServer'],
  ['image', { image: Image.upstream('v0.9.0') }, "'registry.k8s.io", 'the companion image'],
  ['externalMetrics', { customMetrics: false, externalMetrics: false }, "'false beside", 'one of them at least'],
  ['networkPolicy.egress', { networkPolicy: {} }, 'undefined', 'addresses and ports of sources, adapters and pods'],
  ['extraArgs[0]', { extraArgs: ['--config=/other.yaml'] }, "'--config=/other.yaml'", 'what sources is for'],
  ['extraArgs[0]', { extraArgs: ['--prometheus-url=http://a'] }, "'--prometheus-url=http://a'", 'what sources is for'],
  ['extraArgs[0]', { extraArgs: ['--prometheus-auth-config=a'] }, "'--prometheus-auth-config=a'", 'what sources is for'],
  ['extraArgs[1]', { extraArgs: ['-v=2', '--metrics-max-ages=1h'] }, "'--metrics-max-ages=1h'", 'did you mean --metrics-max-age?'],
  ['extraArgs[0]', { extraArgs: ['--kubelet-port=1'] }, "'--kubelet-port=1'", 'flags of metrics-adapter'],
  ['extraArgs[0]', { extraArgs: ['v=2'] }, "'v=2'", '--flag'],
  ['shutdownDelay', { shutdownDelay: Duration.seconds(30), terminationGracePeriod: Duration.seconds(30) }, "'30s with", 'less than terminationGracePeriod'],
  ['groupVersions', { groupVersions: [] } as object, '[]', 'no groupVersions here'],
])('property %s of %p', (property, props, given, allowed) => {
  expectMistake(() => adapter(props), property, given, allowed);
});

test.each<[string, Partial<PrometheusSourceOptions>, string, string]>([
  ['url', { url: 'prometheus:9090' }, "'prometheus:9090'", 'http://'],
  ['url', { url: 'http://prometheus:9090?a=b' }, "'http://prometheus:9090?a=b'", 'without query'],
  ['url', { url: 'http://prometheus:9090/p/api/v1/query' }, "'http://prometheus:9090/p/api/v1/query'", 'without what comes behind /api/v1, or is a page for people'],
  ['url', { url: 'http://prometheus:9090/graph' }, "'http://prometheus:9090/graph'", 'is a page for people'],
  ['url', { url: 'https://user:secret@prometheus/x' }, "'https://…/x'", 'credentials are for'],
  ['name', { name: 'Prometheus' }, "'Prometheus'", 'lower case'],
  ["headers['Authorization']", { headers: { Authorization: 'Bearer a' } }, "'Authorization'", 'not the adapter\'s own'],
  ["headers['a b']", { headers: { 'a b': 'c' } }, "'a b'", 'letters, digits'],
  ["headers['a']", { headers: { a: 'ü' } }, "'ü'", 'ASCII'],
  ['timeout', { timeout: Duration.minutes(2) }, "'120s'", 'from 100ms to 60s'],
  ['certificateAuthority', { certificateAuthority: SourceCa.cluster() }, "'set for http://prometheus:9090'", 'https only'],
  ['insecureSkipTlsVerify', { url: 'https://a', insecureSkipTlsVerify: true, certificateAuthority: SourceCa.cluster() }, "'true beside", 'needs no CA'],
  ['credentials', { credentials: SourceCredentials.serviceAccountToken() }, "'the token of the adapter's ServiceAccount, for http://prometheus:9090'", 'a source that is verified'],
  ['credentials', { url: 'https://a', insecureSkipTlsVerify: true, credentials: SourceCredentials.serviceAccountToken() }, "'the token of the adapter's ServiceAccount, beside", 'a source that is verified'],
  ['credentials.username', { credentials: SourceCredentials.basicAuth('a:b', { name: 'a' }) }, "'a:b'", 'without a colon'],
  ['credentials.key', { credentials: SourceCredentials.bearerToken({ name: 'a' }, 'a/b') }, "'a/b'", 'letters, digits'],
])('option %s of a source: %p', (property, options, given, allowed) => {
  const sources = [MetricSource.prometheus({ url: 'http://prometheus:9090', ...options })];
  expectMistake(() => adapter({ sources }), `sources[0].${property}`, given, allowed);
});

test.each([
  ['a/b', "'a/b'", 'up to 253 letters'],
  ['', "''", 'up to 253 letters'],
  ['..', "'..'", 'up to 253 letters'],
  ['a'.repeat(254), "'aaa", 'up to 253 letters'],
  ['requests*', "'requests*'", 'up to 253 letters'],
  ['status', "'status'", 'any other name'],
  ['finalize', "'finalize'", 'any other name'],
])('a metric named %p', (name, given, allowed) => {
  expectMistake(() => adapter().addPodsMetric(name, { query: RPS }), 'name', given, allowed);
  expectMistake(() => adapter().addObjectMetric(name, { resource: DescribedResource.service(), query: 'a' }), 'name', given, allowed);
  expectMistake(() => adapter().addExternalMetric(name, { query: 'a' }), 'name', given, allowed);
});

test('a second metric of that name, unless it is of something else', () => {
  const metrics = adapter();
  const declareAll = () => {
    metrics.addPodsMetric('rps', { query: RPS });
    metrics.addObjectMetric('rps', { resource: DescribedResource.service(), query: 'a' });
    metrics.addExternalMetric('rps', { query: 'a' });
  };
  declareAll();

  expectMistake(declareAll, 'name', "'rps'", 'no other metric of pods');
  expectMistake(() => metrics.addExternalMetric('rps', { query: 'a' }), 'name', "'rps'", 'no other external metric');
  expectMistake(() => metrics.addObjectMetric('rps', { resource: DescribedResource.of('v1', 'Service', 'services'), query: 'a' }), 'name', "'rps'", 'metric of services');
});

test.each([
  ['options.query', { query: 'sum by (pod rate(a[2m]))' }, "'sum by (pod rate", 'PromQL; ")" or "," is expected at line 1, column 13'],
  ['options.query', { query: 'a[5m]' }, "'a[5m]'", 'gives a range vector'],
  ['options.query', { query: 'sum(rate(a[2m]))' }, "'sum(rate", 'the labels namespace and pod, which say what a value is of; this has none'],
  ['options.query', { query: 'sum by (pod) (rate(a[2m]))' }, "'sum by (pod)", 'this has pod'],
  ['options.query', { query: 'sum without (pod) (rate(a[2m]))' }, "'sum without (pod)", 'this has no pod'],
  ['options.query', { query: 'sum by (namespace, pod) (rate(a[2m])) or 0' }, "'sum by (namespace, pod)", 'or between vectors; 0 is a scalar, of which vector(0)'],
  ['options.query', { query: RPS, nameLabel: 'exported_pod' }, "'sum by", 'the labels namespace and exported_pod'],
  ['options.query', { query: 'sum by (namespace, pod) (rate(a[1m]))' }, "'sum by", 'ranges of 120s or more, two scrapes, in rate(a[1m])'],
  ['options.minimum', { query: RPS, minimum: 2, maximum: 1 }, '2', 'up to maximum, which is 1'],
  ['options.minimum', { query: RPS, minimum: Infinity }, 'Infinity', 'a number'],
  ['options.refresh', { query: RPS, refresh: Duration.millis(500) }, "'500ms'", 'from 1s to 3600s'],
  ['options.maxAge', { query: RPS, refresh: Duration.minutes(2), maxAge: Duration.minutes(1) }, "'60s'", 'from 120s, which is refresh'],
  ['options.window', { query: RPS, window: Duration.millis(1500) }, "'1500ms'", 'whole seconds'],
  ['options.sources[0]', { query: RPS, sources: [MetricSource.prometheus({ url: 'http://a' })] }, "'the source prometheus'", 'sources of the adapter by MetricSource.prometheus(), each once: prometheus'],
  ['options.sources[1]', { query: RPS, sources: [PROMETHEUS, PROMETHEUS] }, "'the source prometheus'", 'each once'],
  ['options.nameLabel', { query: RPS, nameLabel: 'a-b' }, "'a-b'", 'letters, digits and _'],
])('option %s of a metric: %p', (property, options, given, allowed) => {
  expectMistake(() => adapter().addPodsMetric('rps', options), property, given, allowed);
});

test('a rate over less than two scrapes of any source that is asked', () => {
  const [fast, slow] = [15, 60].map((seconds) => MetricSource.prometheus({ name: `every-${seconds}`, url: 'http://a', scrapeInterval: Duration.seconds(seconds) }));
  const query = 'sum(rate(a[30s]))';

  expect(() => adapter({ sources: [fast, slow] }).addExternalMetric('a', { query })).not.toThrow();
  const tooShort = () => adapter({ sources: [fast, slow] }).addExternalMetric('a', { query, sources: [fast, slow] });
  expectMistake(tooShort, 'options.query', `'${query}'`, '120s');
  expect(tooShort).toThrow('write [240s], four scrapes');
});

const DOCUMENTS = MetricSource.http({ name: 'documents', url: 'http://documents' });
const http = (options: object) => MetricOrigin.http(DOCUMENTS, { path: '/', value: '{.a}', ...options });
const objects = (options: object) => MetricOrigin.objects({ resource: DescribedResource.service(), value: '{.a}', ...options });
const schedule = (window: object, options: object = {}) => MetricOrigin.schedule({ windows: [{ start: '0 8 * * *', end: '0 18 * * *', value: 1, ...window }], ...options });

test.each<[string, MetricOptions, string, string]>([
  ['options.query', {}, "'neither query nor origin'", 'one of them'],
  ['options.query', { query: 'a', origin: http({}) }, "'both query and origin'", 'one of them'],
  ['options.sources', { origin: http({}), sources: [DOCUMENTS] }, "'sources beside origin'", 'beside query alone'],
  ['options.sources[0]', { query: 'a', sources: [DOCUMENTS] }, "'the source documents'", 'by MetricSource.prometheus(), each once: prometheus'],
  ['options.origin.source', { origin: MetricOrigin.http(PROMETHEUS, { path: '/', value: '{.a}' }) }, "'the source prometheus'", 'by MetricSource.http(): documents'],
  ['options.origin.path', { origin: http({ path: 'queues' }) }, "'queues'", 'begins with /'],
  ['options.origin.path', { origin: http({ path: '/a b' }) }, "'/a b'", 'printable ASCII'],
  ['options.origin.value', { origin: http({ value: '{.a}{.b}' }) }, "'{.a}{.b}'", 'a JSON path; at character 5 there is "{"'],
  ['options.origin.items', { origin: http({ items: '{..a}' }) }, "'{..a}'", 'a JSON path; at character 3'],
  ['options.origin.labels', { origin: http({ labels: { 'a b': '{.a}' } }) }, "'a b'", 'as a label'],
  ["options.origin.labels['a']", { origin: http({ labels: { a: '' } }) }, "''", 'a JSON path'],
  ['options.origin.expression', { origin: MetricOrigin.formula('1 +') }, "'1 +'", 'a formula; at character 4 there is the end'],
  ['options.origin.expression', { origin: MetricOrigin.formula('rps{code=~"("}') }, "'rps{code=~\"(\"}'", 'a formula; at character 11 the regular expression cannot be used'],
  ['options.origin.expression', { origin: MetricOrigin.formula('depth / 2') }, "'depth'", 'metrics that are declared before this one, by a name that no other has: rps'],
  ['options.origin.expression', { origin: MetricOrigin.formula('a / 2') }, "'a'", 'declared before this one'],
  ['options.origin.windows', { origin: MetricOrigin.schedule({ windows: [] }) }, '[]', 'at least one'],
  ['options.origin.windows[0].start', { origin: schedule({ start: '0 25 * * *' }) }, "'0 25 * * *'", 'a cron expression; at character 3: "25" is no hour'],
  ['options.origin.windows[0].end', { origin: schedule({ end: '0 8 * * *' }) }, "'0 8 * * *'", 'another time than start'],
  ['options.origin.timeZone', { origin: schedule({}, { timeZone: 'Europe/Berlln' }) }, "'Europe/Berlln'", 'a time zone'],
  ['options.origin.resource', { origin: objects({ resource: DescribedResource.of('v1', 'Secret', 'secrets') }) }, "'secrets'", 'any other resource'],
  ['options.origin.objectLabels', { origin: objects({ objectNamespace: 'a', objectName: 'a', objectLabels: { a: 'b' } }) }, "'labels beside objectName'", 'one of them'],
  ['options.origin.objectNamespace', { origin: objects({ objectName: 'a' }) }, 'undefined', 'the namespace of a: Service has one'],
  ['options.origin.objectLabels', { origin: objects({ objectLabels: {} }) }, '{}', 'at least one label'],
  ['options.origin', { origin: MetricOrigin.pods({ podLabels: { a: 'b' }, port: 1, values: PodValues.series('a') }) }, "'values of pods'", 'in addPodsMetric() only'],
])('option %s of an external metric: %p', (property, options, given, allowed) => {
  const metrics = adapter({ sources: [PROMETHEUS, DOCUMENTS] });
  metrics.addPodsMetric('rps', { query: RPS });
  expectMistake(() => metrics.addExternalMetric('a', options), property, given, allowed);
});

test.each<[string, Partial<PodsOriginOptions>, string, string]>([
  ['podLabels', { podLabels: {} }, '{}', 'at least one label'],
  ['port', { port: 0 }, '0', 'from 1 to 65535'],
  ['path', { path: 'metrics' }, "'metrics'", 'begins with /'],
  ['podNamespace', { podNamespace: 'a.b' }, "'a.b'", 'lower-case'],
  ['certificateAuthority', { certificateAuthority: SourceCa.cluster() }, "'set without https: true'", 'https only'],
  ['credentials', { credentials: SourceCredentials.bearerToken({ name: 'a' }) }, "'set without https: true'", 'for pods that are verified'],
  ['credentials', { credentials: SourceCredentials.bearerToken({ name: 'a' }), https: true, insecureSkipTlsVerify: true }, "'set beside insecureSkipTlsVerify'", 'for pods that are verified'],
  ['credentials', { credentials: SourceCredentials.serviceAccountToken(), https: true, certificateAuthority: SourceCa.cluster() }, "'the token of the adapter's ServiceAccount'", 'for these pods alone'],
  ['insecureSkipTlsVerify', { https: true, insecureSkipTlsVerify: true, certificateAuthority: SourceCa.cluster() }, "'true beside", 'needs no CA'],
  ['values.selector', { values: PodValues.series('a{b="c"') }, '\'a{b="c"\'', 'a selector of series; at character 8'],
  ['values.selector', { values: PodValues.series('a{b=~"*"}') }, '\'a{b=~"*"}\'', 'a selector of series; at character 6 the regular expression cannot be used'],
  ['values.selector', { values: PodValues.series('rate(a[2m])') }, "'rate(a[2m])'", 'a selector of series; at character 5'],
  ['values.values.value', { values: PodValues.json({ value: '' }) }, "''", 'a JSON path'],
])('option %s of pods: %p', (property, options, given, allowed) => {
  const origin = MetricOrigin.pods({ podLabels: { app: 'web' }, port: 8080, values: PodValues.series('a'), ...options });
  expectMistake(() => adapter().addPodsMetric('rps', { origin }), `options.origin.${property}`, given, allowed);
});

test('labels that values do not have, or cannot be named', () => {
  const pods = MetricOrigin.pods({ podLabels: { app: 'web' }, port: 8080, values: PodValues.series('a') });
  const metrics = adapter({ sources: [DOCUMENTS] });

  expectMistake(() => metrics.addPodsMetric('a', { origin: http({ labels: { pod: '{.a}' } }) }), 'options.origin', "'values with the labels pod'", 'the labels namespace and pod');
  expectMistake(() => metrics.addPodsMetric('a', { origin: pods, nameLabel: 'pod' }), 'options.nameLabel', "'pod'", 'none beside this origin');
  expectMistake(() => metrics.addExternalMetric('a', { origin: schedule({}), namespaceLabel: 'b' }), 'options.namespaceLabel', "'b'", 'none beside this origin');
  expectMistake(() => metrics.addPodsMetric('a', { origin: schedule({}) }), 'options.origin', "'values of nothing'", 'in addExternalMetric() only');
  expectMistake(() => metrics.addExternalMetric('b', { origin: http({}) }).matching({ queue: 'c' }), "labels['queue']", "'queue'", 'that the result of the metric has: there are none');
});

test('a name that a formula could mean as well', () => {
  const metrics = adapter();
  metrics.addExternalMetric('depth', { query: 'a' });
  metrics.addExternalMetric('workers', { origin: MetricOrigin.formula('depth / 50') });

  expectMistake(() => metrics.addPodsMetric('depth', { query: RPS }), 'name', "'depth'", 'a name of its own, since workers is made of depth');
});

test('pods behind a network policy without egress', () => {
  const origin = MetricOrigin.pods({ podLabels: { app: 'web' }, port: 8080, values: PodValues.series('a') });
  const metrics = adapter({ sources: undefined, networkPolicy: {} });

  expectMistake(() => metrics.addPodsMetric('a', { origin }), 'networkPolicy.egress', 'undefined', 'addresses and ports of sources, adapters and pods');
});

test('a query without a source', () => {
  const metrics = adapter({ sources: undefined });

  expectMistake(() => metrics.addPodsMetric('rps', { query: RPS }), 'sources', "'none'", 'at least one, of which a query is asked');
  expectMistake(() => metrics.addDiscoveryRule({ seriesQuery: 'a', metricsQuery: 'a' }), 'sources', "'none'", 'at least one, of which a query is asked');
});

test('a label for the namespace of external metrics, of namespaces, and in a selector', () => {
  const query = 'sum by (queue) (a)';
  expectMistake(() => adapter().addExternalMetric('a', { query, namespaceLabel: 'namespace' }), 'options.query', `'${query}'`, 'the labels namespace');
  expectMistake(
    () => adapter().addObjectMetric('a', { resource: DescribedResource.namespace(), query: 'a', namespaceLabel: 'b' }), 'options.namespaceLabel', "'b'", 'none for namespaces',
  );
  expectMistake(
    () => adapter().addExternalMetric('a', { query }).matching({ queue: 'b' }).matching({ queue: 'c' }), "labels['queue']", "'c'", 'b, which the metric matches already',
  );
  expectMistake(() => adapter().addExternalMetric('a', { query }).matching({ topic: 'b' }), "labels['topic']", "'topic'", 'labels that the result of the query has: queue');
});

describe('a configuration that is too large', () => {
  const [KEY, SERVER_SIDE] = ['argocd.argoproj.io/sync-options', 'Prune=false,ServerSideApply=true'];
  const sizedAdapter = (bytes: number) => {
    const metrics = adapter();
    metrics.addExternalMetric('a', { query: `b{c="${'é<'.repeat(Math.floor(bytes / 3))}"}` });
    return { metrics, synthesize: () => Testing.synth(Chart.of(metrics)) };
  };

  test('for client-side apply, which keeps it in an annotation', () => {
    expect(() => sizedAdapter(80 * 1024).synthesize()).not.toThrow();
    const { metrics, synthesize } = sizedAdapter(110 * 1024);

    expect(synthesize).toThrow(/\[test\/it\/Configuration\] configMap: given '\d+ bytes'; allowed: up to 262144 bytes where kubectl and Argo CD keep .+; to mend it, .+ServerSideApply=true/);
    metrics.configMap.metadata.addAnnotation(KEY, SERVER_SIDE);
    expect(synthesize).not.toThrow();
  });

  test('for any ConfigMap', () => {
    const { metrics, synthesize } = sizedAdapter(1100 * 1024);
    metrics.configMap.metadata.addAnnotation(KEY, SERVER_SIDE);

    expect(synthesize).toThrow(/configMap: given '\d+ bytes'; allowed: up to 1048576 bytes in a ConfigMap; to mend it, /);
  });
});

test('targets that kube-apiserver refuses', () => {
  const metrics = adapter();
  const pods = metrics.addPodsMetric('a', { query: RPS });
  const external = metrics.addExternalMetric('a', { query: 'a' });

  expectMistake(() => pods.podsMetricSpec({ averageValue: '0' }), 'target.averageValue', "'0'", 'above zero');
  expectMistake(() => pods.podsMetricSpec({ averageValue: 100 as any }), 'target.averageValue', '100', 'as text');
  expectMistake(() => external.externalMetricSpec({}), 'target', "'neither value nor averageValue'", 'one of them');
  expectMistake(() => external.externalMetricSpec({ value: '1', averageValue: '1' }), 'target', "'both value and averageValue'", 'one of them');
});

test('a kind of object that cannot be', () => {
  const of = (...parameters: [string, string, string]) => () => adapter().addObjectMetric('a', { resource: DescribedResource.of(...parameters), query: 'a' });

  expectMistake(of('Example.com/v1', 'Thing', 'things'), 'options.resource.apiVersion', "'Example.com/v1'", 'a version');
  expectMistake(of('v1', 'thing', 'things'), 'options.resource.kind', "'thing'", 'a kind');
  expectMistake(of('apps/v1', 'Deployment', 'deployment'), 'options.resource.resource', "'deployment.apps'", 'the plural in lower case, as kubectl api-resources shows it');
  expectMistake(of('v1', 'Deployment', 'deployments'), 'options.resource.resource', "'deployments'", 'in its API group');
  expectMistake(of('v1', 'Thing', 'things.example.com'), 'options.resource.resource', "'things.example.com'", 'the plural');
});

test('a reader where roles are made elsewhere', () => {
  expectMistake(() => adapter({ rbac: false }).grantRead(MetricsReader.user('a')), 'reader', "'a reader beside rbac: false'", 'where roles are synthesized');
});
