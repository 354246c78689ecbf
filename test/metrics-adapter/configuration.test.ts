import { Chart, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import * as Yaml from 'yaml';
import {
  Combination, DescribedResource, EmptyMeaning, MetricOrigin, MetricsAdapter, MetricSource, NanMeaning, OtherAdapter, PodValues, QueryVerb,
  SeriesType, SourceCa, SourceCredentials,
} from '../../src';
import { METRICS_ADAPTER_FLAGS } from '../../src/_facts/metrics-adapter-flags';
import { PrometheusConfiguration, readConfiguration } from '../../src/runtime/configured-metrics/configuration/configuration';
import { parseFlags } from '../../src/runtime/flags/parse';
import { SourceExchange } from '../../src/runtime/metric-sources/sample-source';
import { metricsAdapterOptions } from '../../src/runtime/metrics-adapter/options';
import { Sources } from '../../src/runtime/prometheus/sources';
import { adapters, addMetricsAdapter } from '../random-adapters';
import { sourceContext } from '../runtime/metric-sources/declared-source';
import { FakePrometheus } from '../runtime/prometheus/fake-prometheus';
import { argsOf, objectOf, testChart } from '../synthesize';

/** Of which Secrets and ConfigMaps the pod gets files. */
function sourceFilesIn(chart: Chart): object[] {
  return objectOf(chart, 'Deployment').spec.template.spec.volumes.find(({ name }: any) => name === 'source-files').projected.sources;
}

/** As the runtime reads it. */
function configurationIn(chart: Chart): Promise<PrometheusConfiguration> {
  const [configMap] = (chart.toJson() as any[]).filter(({ kind }) => kind === 'ConfigMap');
  return readConfiguration('config.yaml', configMap.data['config.yaml']);
}

/** What each metric asks for. */
function askedFor({ metrics, sources }: PrometheusConfiguration): string[] {
  const context = sourceContext({ sources: new Sources(sources.map(({ name }) => new FakePrometheus(name))) });
  return metrics.map((metric) => metric.origin.open(metric, context).asked);
}

/** What each metric asks, and whom. */
function askedBy({ metrics, sources }: PrometheusConfiguration): Promise<string[][]> {
  const context = sourceContext({ sources: new Sources(sources.map(({ name }) => new FakePrometheus(name))) });
  return Promise.all(metrics.map(async (metric) => {
    const exchanges: SourceExchange[] = [];
    await metric.origin.open(metric, context).samples(0, new AbortController().signal, (exchange) => exchanges.push(exchange));
    return exchanges.map(({ source, asked }) => `${source} ${asked}`);
  }));
}

test('the runtime takes the arguments and the configuration of any adapter, and finds each metric in it', async () => {
  await fc.assert(fc.asyncProperty(adapters, async (given) => {
    const chart = testChart();
    addMetricsAdapter(chart, given);
    const [subcommand, ...flags] = argsOf(chart);

    expect(subcommand).toBe('metrics-adapter');
    expect(metricsAdapterOptions(parseFlags(flags, METRICS_ADAPTER_FLAGS))).toMatchObject({ configFile: '/etc/adapter/config.yaml', defaultSource: undefined });
    const configuration = await configurationIn(chart);
    expect(configuration.sources).toHaveLength(given.props.sources!.length);
    expect(configuration.adapters).toHaveLength(given.props.adapters?.length ?? 0);
    const queries = [given.pods.query, given.object.query, ...given.props.externalMetrics === false ? [] : [given.external.query]];
    expect(askedFor(configuration)).toEqual(queries.map((query) => query === undefined ? expect.stringMatching(/^(GET|formula:|schedule:) /) : `query: ${query}`));
  }), { numRuns: 60 });
});

test('every option of a source gets to the runtime', async () => {
  const chart = testChart();
  new MetricsAdapter(chart, 'metrics', {
    sources: [MetricSource.prometheus({
      name: 'mimir',
      url: 'https://mimir.example.com/prometheus',
      verb: QueryVerb.POST,
      headers: { 'X-Scope-OrgID': 'shop' },
      credentials: SourceCredentials.basicAuth('reader', { name: 'mimir-password' }),
      certificateAuthority: SourceCa.configMap({ name: 'mimir-ca' }),
      clientCertificate: { name: 'mimir-client' },
      serverName: 'mimir.internal',
      timeout: Duration.millis(2500),
    }), MetricSource.prometheus({ url: 'https://thanos-querier.openshift-monitoring.svc:9091', credentials: SourceCredentials.serviceAccountToken(), certificateAuthority: SourceCa.openShiftService() }),
    MetricSource.prometheus({ name: 'unverified', url: 'https://prometheus', insecureSkipTlsVerify: true })],
  });

  expect((await configurationIn(chart)).sources).toEqual([
    {
      name: 'mimir',
      url: new URL('https://mimir.example.com/prometheus'),
      verb: 'POST',
      headers: { 'X-Scope-OrgID': 'shop' },
      bearerTokenFile: undefined,
      basicAuth: { username: 'reader', passwordFile: '/sources/secrets/mimir-password/password' },
      tls: {
        caFile: '/sources/configmaps/mimir-ca/ca.crt',
        certFile: '/sources/secrets/mimir-client/tls.crt',
        keyFile: '/sources/secrets/mimir-client/tls.key',
        serverName: 'mimir.internal',
        insecureSkipVerify: false,
      },
      timeoutMs: 2500,
    },
    expect.objectContaining({
      name: 'prometheus', bearerTokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token', tls: expect.objectContaining({ insecureSkipVerify: false }),
    }),
    expect.objectContaining({ name: 'unverified', tls: expect.objectContaining({ insecureSkipVerify: true }) }),
  ]);
  expect(sourceFilesIn(chart)).toEqual([
    { configMap: { name: 'mimir-ca', items: files('configmaps/mimir-ca', 'ca.crt'), optional: true } },
    { secret: { name: 'mimir-client', items: files('secrets/mimir-client', 'tls.crt', 'tls.key'), optional: true } },
    { secret: { name: 'mimir-password', items: files('secrets/mimir-password', 'password'), optional: true } },
  ]);
});

test('every option of another adapter gets to the runtime, and its own token is shown to one without credentials', async () => {
  const chart = testChart();
  new MetricsAdapter(chart, 'metrics', {
    adapters: [OtherAdapter.at({
      name: 'keda',
      url: 'https://keda.keda.svc',
      certificateAuthority: SourceCa.secret({ name: 'keda-ca' }),
      serverName: 'keda-operator',
      headers: { 'X-Team': 'shop' },
      timeout: Duration.seconds(5),
    }), OtherAdapter.at({ name: 'old', url: 'https://old.svc', credentials: SourceCredentials.bearerToken({ name: 'old-token' }) })],
  });

  const { sources, adapters: [keda, old] } = await configurationIn(chart);
  expect(sources).toEqual([]);
  expect(keda).toEqual({
    name: 'keda',
    url: new URL('https://keda.keda.svc'),
    headers: { 'X-Team': 'shop' },
    bearerTokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
    tls: { caFile: '/sources/secrets/keda-ca/ca.crt', serverName: 'keda-operator', insecureSkipVerify: false },
    timeoutMs: 5000,
  });
  expect(old.bearerTokenFile).toBe('/sources/secrets/old-token/token');
  expect(sourceFilesIn(chart)).toEqual([
    // Not the private key that the Secret of a CA may hold as well.
    { secret: { name: 'keda-ca', items: files('secrets/keda-ca', 'ca.crt'), optional: true } },
    { secret: { name: 'old-token', items: files('secrets/old-token', 'token'), optional: true } },
  ]);
});

test('every option of an origin is written as the runtime reads it, and its files are mounted', async () => {
  const chart = testChart();
  const documents = MetricSource.http({ name: 'documents', url: 'https://shop.example.com/api', credentials: SourceCredentials.bearerToken({ name: 'shop-token' }) });
  const prometheus = MetricSource.prometheus({ url: 'http://a' });
  const metrics = new MetricsAdapter(chart, 'metrics', { sources: [documents, prometheus] });
  metrics.addExternalMetric('queried', { query: 'a' });
  metrics.addPodsMetric('rps', {
    origin: MetricOrigin.pods({
      podLabels: { tier: 'front', app: 'web' },
      podNamespace: 'shop',
      port: 8443,
      path: '/stats',
      https: true,
      certificateAuthority: SourceCa.configMap({ name: 'pods-ca' }),
      timeout: Duration.seconds(2),
      values: PodValues.series('requests_total{code!~"5.."}', SeriesType.COUNTER),
    }),
  });
  metrics.addPodsMetric('connections', { origin: MetricOrigin.pods({ podLabels: { app: 'db' }, port: 9000, values: PodValues.json({ value: '{.open}' }) }) });
  metrics.addExternalMetric('queue_depth', {
    origin: MetricOrigin.http(documents, { path: '/queues', items: '{.queues[*]}', value: '{.depth}', labels: { queue: '{.name}' }, absent: 0 }),
  });
  metrics.addObjectMetric('replicas', {
    resource: DescribedResource.deployment(),
    nameLabel: 'name',
    origin: MetricOrigin.objects({ resource: DescribedResource.deployment(), objectNamespace: 'shop', objectLabels: { app: 'web' }, value: '{.status.replicas}' }),
  });
  metrics.addExternalMetric('topic', { origin: MetricOrigin.objects({ resource: DescribedResource.service(), objectNamespace: 'shop', objectName: 'web', value: '{.a}' }) });
  metrics.addExternalMetric('workers', { origin: MetricOrigin.formula('max(1, queue_depth{queue!="dead"} / 50)') });
  metrics.addExternalMetric('planned', {
    namespaces: ['shop', 'mails'],
    origin: MetricOrigin.schedule({ timeZone: 'Europe/Berlin', windows: [{ start: '0 8 * * mon-fri', end: '0 18 * * mon-fri', value: 10 }], outside: 1 }),
  });

  const configuration = await configurationIn(chart);
  expect(configuration.metrics.flatMap(({ namespaces }) => namespaces ? [namespaces] : [])).toEqual([['shop', 'mails']]);
  // What names no source is asked of the first.
  expect(configuration.sources.map(({ name }) => name)).toEqual(['prometheus', 'documents']);
  expect(askedFor(configuration)).toEqual([
    'query: a',
    'GET https://pod:8443/stats of pods app=web,tier=front in shop',
    'GET http://pod:9000/metrics of pods app=db',
    'GET /queues',
    'GET /apis/apps/v1/namespaces/shop/deployments?labelSelector=app=web',
    'GET /api/v1/namespaces/shop/services/web',
    'formula: max(1, queue_depth{queue!="dead"} / 50)',
    'schedule: 0 8 * * mon-fri to 0 18 * * mon-fri (Europe/Berlin)',
  ]);
  expect(Yaml.parse(objectOf(chart, 'ConfigMap').data['config.yaml']).metrics.slice(1, 5)).toEqual([
    {
      name: 'rps',
      pods: {
        namespace: 'shop',
        selector: 'app=web,tier=front',
        scheme: 'https',
        port: 8443,
        path: '/stats',
        series: 'requests_total{code!~"5.."}',
        type: 'counter',
        tls: { caFile: '/sources/configmaps/pods-ca/ca.crt' },
        timeout: '2s',
      },
    },
    { name: 'connections', pods: { selector: 'app=db', port: 9000, json: { value: '{.open}' } } },
    { name: 'queue_depth', http: { path: '/queues', items: '{.queues[*]}', value: '{.depth}', labels: { queue: '{.name}' }, absent: 0 }, source: 'documents' },
    {
      name: 'replicas',
      objects: { apiVersion: 'apps/v1', resource: 'deployments', namespace: 'shop', selector: 'app=web', value: '{.status.replicas}' },
      object: { group: 'apps', resource: 'deployments', nameLabel: 'name' },
      namespaceLabel: 'namespace',
    },
  ]);
  expect(sourceFilesIn(chart)).toContainEqual({ configMap: { name: 'pods-ca', items: files('configmaps/pods-ca', 'ca.crt'), optional: true } });
});

test('every option of a metric gets to the runtime', async () => {
  const chart = testChart();
  const [prometheus, other] = [MetricSource.prometheus({ url: 'http://a' }), MetricSource.prometheus({ url: 'http://b', name: 'other' })];
  const metrics = new MetricsAdapter(chart, 'metrics', { sources: [prometheus, other] });
  metrics.addObjectMetric('requests', {
    query: 'max by (exported_namespace, service) (requests)',
    resource: DescribedResource.service(),
    namespaceLabel: 'exported_namespace',
    sources: [other, prometheus],
    combine: Combination.MAX,
    refresh: Duration.seconds(30),
    maxAge: Duration.minutes(5),
    window: Duration.minutes(1),
    onEmpty: EmptyMeaning.LAST,
    onNan: NanMeaning.SKIP,
    minimum: 0,
    maximum: 1e6,
  });
  metrics.addObjectMetric('pods', { query: 'sum by (namespace) (pods)', resource: DescribedResource.namespace() });

  const configuration = await configurationIn(chart);
  expect(await askedBy(configuration)).toEqual([
    ['other query: max by (exported_namespace, service) (requests)', 'prometheus query: max by (exported_namespace, service) (requests)'],
    ['prometheus query: sum by (namespace) (pods)'],
  ]);
  expect(configuration.metrics).toEqual([
    {
      name: 'requests',
      place: expect.any(String),
      said: expect.any(String),
      origin: expect.anything(),
      object: { groupResource: { group: '', resource: 'services' }, nameLabel: 'service' },
      namespaceLabel: 'exported_namespace',
      combine: 'max',
      refreshMs: 30_000,
      maxAgeMs: 300_000,
      windowSeconds: 60,
      onEmpty: 'last',
      onNaN: 'skip',
      minimum: 0,
      maximum: 1_000_000,
    },
    expect.objectContaining({ object: { groupResource: { group: '', resource: 'namespaces' }, nameLabel: 'namespace' }, namespaceLabel: undefined }),
  ]);
});

/** As a volume names the keys that it has. */
function files(directory: string, ...keys: readonly string[]): object[] {
  return keys.map((key) => ({ key, path: `${directory}/${key}` }));
}
