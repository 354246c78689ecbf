import { Chart, Testing } from 'cdk8s';
import * as plus from 'cdk8s-plus-34';
import * as fc from 'fast-check';
import * as Yaml from 'yaml';
import { MetricOrigin, MetricsAdapter, MetricSource, OtherAdapter, PodValues, SecretRef, SourceCa, SourceCredentials } from '../../src';
import { objectOf, testChart } from '../synthesize';

const token = (secret: string) => SourceCredentials.bearerToken(SecretRef.fromName(secret));

/** What one team after the other adds to a metrics adapter: each with a token of its own, but for the first. */
const ADDED: Readonly<Record<string, (metrics: MetricsAdapter) => void>> = {
  plain: (metrics) => metrics.addExternalMetric('plain', { query: 'up' }),
  payments: (metrics) => addPodsMetric(metrics, 'payments'),
  games: (metrics) => addPodsMetric(metrics, 'games'),
};

function addPodsMetric(metrics: MetricsAdapter, team: string): void {
  metrics.addPodsMetric(`${team}_rps`, {
    origin: MetricOrigin.pods({
      podLabels: { app: team },
      port: 8443,
      https: true,
      certificateAuthority: SourceCa.configMap({ name: 'pods-ca' }),
      credentials: token(`${team}-token`),
      values: PodValues.series('requests_total'),
    }),
  });
}

function adapterWith(added: readonly string[], sources: readonly string[] = ['prometheus'], adapters: readonly string[] = []): Chart {
  const chart = testChart();
  const metrics = new MetricsAdapter(chart, 'metrics', {
    sources: sources.map((name) => MetricSource.prometheus({ name, url: 'http://prometheus', credentials: token(`${name}-token`) })),
    adapters: adapters.map((name) => OtherAdapter.at({ name, url: `https://${name}.example.com`, credentials: token(`${name}-token`) })),
  });
  added.forEach((name) => ADDED[name](metrics));
  return chart;
}

const configurationIn = (chart: Chart) => Yaml.parse(objectOf(chart, 'ConfigMap').data['config.yaml']);
const podSpecIn = (chart: Chart) => objectOf(chart, 'Deployment').spec.template.spec;

/** Where each source, adapter and metric finds its token, by name. */
function tokenFilesIn(chart: Chart): Record<string, string> {
  const { sources = [], adapters = [], metrics } = configurationIn(chart);
  const ofMetrics = metrics.map(({ name, pods }: any) => ({ name, ...pods }));
  return Object.fromEntries([...sources, ...adapters, ...ofMetrics].map(({ name, bearerTokenFile }) => [name, bearerTokenFile]));
}

/** Secrets by the paths where a pod has their keys. */
function mountedSecretsIn(chart: Chart): Map<string, string> {
  const { containers: [{ volumeMounts }], volumes } = podSpecIn(chart);
  return new Map(volumeMounts.flatMap(({ name, mountPath }: any) => {
    const { projected, ...volume } = volumes.find((one: any) => one.name === name);
    return (projected?.sources ?? [volume]).flatMap(({ secret }: any) =>
      (secret?.items ?? []).map(({ path }: any) => [`${mountPath}/${path}`, secret.name ?? secret.secretName]));
  }));
}

test('a file\'s path tells which Secret or ConfigMap and which key it is, whoever reads it', () => {
  const chart = adapterWith(['payments', 'games']);

  expect(tokenFilesIn(chart)).toEqual({
    prometheus: '/sources/secrets/prometheus-token/token',
    payments_rps: '/sources/secrets/payments-token/token',
    games_rps: '/sources/secrets/games-token/token',
  });
  const { containers: [{ volumeMounts }], volumes } = podSpecIn(chart);
  // No subPath, with which nothing would rotate.
  expect(volumeMounts).toContainEqual({ name: 'source-files', mountPath: '/sources', readOnly: true });
  expect(volumes.find(({ name }: any) => name === 'source-files').projected.sources).toMatchObject([
    { configMap: { name: 'pods-ca', items: [{ key: 'ca.crt', path: 'configmaps/pods-ca/ca.crt' }] } },
    { secret: { name: 'games-token', items: [{ key: 'token', path: 'secrets/games-token/token' }] } },
    { secret: { name: 'payments-token', items: [{ key: 'token', path: 'secrets/payments-token/token' }] } },
    { secret: { name: 'prometheus-token', items: [{ key: 'token', path: 'secrets/prometheus-token/token' }] } },
  ]);
});

test('a pod that runs still, told of one metric, source or adapter less or more, reads no other one\'s file', () => {
  const some = (...names: string[]) => fc.shuffledSubarray(names);
  const anyOf = fc.tuple(some('plain', 'payments', 'games'), some('prometheus', 'mimir', 'thanos').filter(({ length }) => length > 0), some('keda', 'old'));
  fc.assert(fc.property(anyOf, anyOf, (before, after) => {
    const mounted = mountedSecretsIn(adapterWith(...before));
    for (const [name, file] of Object.entries(tokenFilesIn(adapterWith(...after)))) {
      expect([undefined, `${name.replace('_rps', '')}-token`]).toContain(mounted.get(file));
    }
  }), { numRuns: 25 });
});

test.each([
  ['a metric without files in front', adapterWith(['plain', 'payments', 'games']), adapterWith(['payments', 'games'])],
  ['another order of metrics', adapterWith(['games', 'payments']), adapterWith(['payments', 'games'])],
  ['another order of sources and adapters', adapterWith([], ['mimir', 'thanos'], ['old', 'keda']), adapterWith([], ['thanos', 'mimir'], ['keda', 'old'])],
])('%s leaves the pods as they are', (_, one, other) => {
  expect(podSpecIn(one)).toEqual(podSpecIn(other));
});

test('a Secret or ConfigMap that is missing keeps no pod from starting: whoever has to read it says so', () => {
  const { sources } = podSpecIn(adapterWith(['payments'])).volumes.find(({ projected }: any) => projected).projected;

  expect(sources.map(({ secret, configMap }: any) => (secret ?? configMap).optional)).toEqual([true, true, true]);
});

test('what several read is mounted once, with all keys that any of them names', () => {
  const chart = testChart();
  const secret = SecretRef.fromName('mimir');
  new MetricsAdapter(chart, 'metrics', {
    sources: ['mimir', 'rules'].map((name) => MetricSource.prometheus({
      name,
      url: 'https://mimir.example.com',
      certificateAuthority: SourceCa.secret(secret),
      clientCertificate: secret,
      credentials: SourceCredentials.basicAuth('reader', secret, `${name}.password`),
    })),
  });

  const [{ secret: { name, items } }, ...others] = podSpecIn(chart).volumes.find(({ projected }: any) => projected).projected.sources;
  expect(others).toEqual([]);
  expect([name, ...items.map(({ key }: any) => key)]).toEqual(['mimir', 'ca.crt', 'mimir.password', 'rules.password', 'tls.crt', 'tls.key']);
});

describe('of a Secret that is in the tree', () => {
  const reading = (props: plus.SecretProps, addTo: (secret: plus.Secret) => void = () => {}) => {
    const chart = testChart();
    const secret = new plus.Secret(chart, 'password', props);
    new MetricsAdapter(chart, 'metrics', { sources: [MetricSource.prometheus({ url: 'http://prometheus', credentials: SourceCredentials.basicAuth('reader', secret) })] });
    addTo(secret);
    return () => Testing.synth(chart);
  };

  test('the key is one that it has at synth', () => {
    expect(reading({ stringData: { pass: 'x' } })).toThrow(
      /sources\[0\]\.credentials\.key: given 'password'; allowed: keys of Secret test\/password\/Resource: pass; to mend it, name one of them, or add password to it/,
    );
    expect(reading({ stringData: { pass: 'x' } }, (secret) => secret.addStringData('password', 'y'))).not.toThrow();
  });

  test('any key may come from somebody else who fills an empty one', () => {
    expect(reading({})).not.toThrow();
  });
});
