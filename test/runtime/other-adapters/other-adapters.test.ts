import { Stop } from '../../../src/runtime/clock';
import { readConfiguration } from '../../../src/runtime/configured-metrics/configuration/configuration';
import { ConfiguredMetrics } from '../../../src/runtime/configured-metrics/configured-metrics';
import { CustomMetricInfo } from '../../../src/runtime/custom-metrics/provider';
import { parseSelector, Selector } from '../../../src/runtime/labels/selector';
import { SourceOutcomes } from '../../../src/runtime/prometheus/source-outcomes';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { createCertificateAuthority, Identity, issueCertificate } from '../../simulated-cluster/pki';
import { RecordingLogger } from '../cluster/fixtures';
import { TempDir } from '../cluster/temp-dir';
import { FakeClusterObjects } from '../custom-metrics/fake-cluster-objects';
import { ManualClock } from '../manual-clock';
import { sourceContext } from '../metric-sources/declared-source';
import { PrometheusServer, ReceivedRequest } from '../prometheus/prometheus-server';

const CUSTOM = '/apis/custom.metrics.k8s.io';
const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1';
const { signal } = new AbortController();
const everything = Selector.everything;
const podsMetric = (metric: string): CustomMetricInfo => ({ groupResource: { group: '', resource: 'pods' }, namespaced: true, metric });
const timestamp = '2026-11-21T20:00:00Z';

interface Answer {
  readonly code: number;
  readonly body: unknown;
}

const ok = (body: unknown): Answer => ({ code: 200, body });
const resources = (...names: readonly string[]) => ok({ kind: 'APIResourceList', resources: names.map((name) => ({ name, namespaced: true })) });
const status = (code: number, reason: string, message: string): Answer => ({ code, body: { kind: 'Status', status: 'Failure', code, reason, message } });

describe('what is not ours', () => {
  const directory = new TempDir();
  const stops: (Stop | (() => Promise<void>))[] = [];
  let clock: ManualClock;
  let ca: Identity;
  let serving: Identity;
  let log: RecordingLogger;

  beforeAll(async () => {
    ca = await createCertificateAuthority('ca');
    serving = await issueCertificate(ca, { commonName: 'keda', dnsNames: ['keda.keda.svc'], usages: ['server'] });
  });
  beforeEach(() => {
    clock = new ManualClock();
    log = new RecordingLogger();
    directory.write('ca.crt', ca.certificate);
    directory.write('token', 'our-token');
  });
  afterEach(async () => { for (const stop of stops.splice(0).reverse()) await stop(); });
  afterAll(() => directory.remove());

  /** An adapter that answers so by path, and 404 elsewhere. */
  async function adapter(answers: Readonly<Record<string, Answer>>): Promise<PrometheusServer> {
    const server = await PrometheusServer.start(({ path }: ReceivedRequest, response) => {
      const { code, body } = answers[decodeURIComponent(path)] ?? status(404, 'NotFound', `no ${path}`);
      response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    }, { cert: serving.certificate, key: serving.key });
    stops.push(() => server.stop());
    return server;
  }

  const entry = (name: string, { url }: PrometheusServer, caFile = 'ca.crt') => (
    `{name: ${name}, url: "${url}", bearerTokenFile: ${directory.path}/token, tls: {caFile: ${directory.path}/${caFile}, serverName: keda.keda.svc}}`
  );

  async function serve(...lines: readonly string[]): Promise<ConfiguredMetrics> {
    const metrics = new ConfiguredMetrics({
      configuration: await readConfiguration('config.yaml', lines.join('\n')),
      objects: new FakeClusterObjects(['web-0']),
      ...sourceContext({ clock, sourceOutcomes: new SourceOutcomes(new MetricRegistry(), clock, log) }),
      random: () => 0.5,
      log,
      relistIntervalMs: 60_000,
      maxAgeMs: 60_000,
    });
    stops.push(metrics.start());
    return metrics;
  }

  async function until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise(setImmediate);
  }

  const external = (metrics: ConfiguredMetrics, metric: string, selector = '') => (
    metrics.getExternalMetric('shop', parseSelector(selector), { metric }, signal).then(
      (values) => values.map(({ value, ...others }) => ({ ...others, value: String(value) })),
      ({ code, reason, message }) => ({ code, reason, message }),
    )
  );

  test('is asked of the other adapter with our own token, and no header speaks for who asked us', async () => {
    const keda = await adapter({
      [`${EXTERNAL}/namespaces/shop/s0-rabbitmq`]: ok({ items: [{ metricName: 's0-rabbitmq', metricLabels: { queue: 'mail' }, timestamp, window: 60, value: '1500m' }] }),
    });
    const metrics = await serve(`adapters: [${entry('keda', keda)}]`);
    expect(await external(metrics, 's0-rabbitmq', 'scaledobject.keda.sh/name in (mail,web)')).toEqual([
      { metricLabels: { queue: 'mail' }, timestampMs: Date.parse(timestamp), windowSeconds: 60, value: '1500m' },
    ]);
    const { headers, parameters } = keda.requests.at(-1)!;
    expect(parameters).toEqual({ labelSelector: 'scaledobject.keda.sh/name in (mail,web)' });
    expect(headers.authorization).toBe('Bearer our-token');
    expect(Object.keys(headers).filter((name) => /^(x-remote|impersonate)/.test(name))).toEqual([]);
  });

  test.each(['v1beta2', 'v1beta1'])('is listed by our discovery beside what is ours: %s', async (version) => {
    const other = await adapter({
      [`${CUSTOM}/${version}`]: resources('pods/rps', 'ingresses.networking.k8s.io/hits', '/custommetrics'),
      [EXTERNAL]: resources('externalmetrics', 'queue', 'depth'),
      [`${CUSTOM}/${version}/namespaces/shop/pods/*/rps`]: ok({ items: [{ describedObject: { name: 'web-0' }, timestamp, windowSeconds: 30, value: '7' }] }),
    });
    const metrics = await serve('sources: [{name: main, url: "http://127.0.0.1:9"}]', 'metrics: [{name: queue, query: up}]', `adapters: [${entry('other', other)}]`);
    await until(() => metrics.listAllMetrics().length > 0);
    expect(metrics.listAllExternalMetrics()).toEqual([{ metric: 'queue' }, { metric: 'depth' }]);
    expect(metrics.listAllMetrics()).toEqual([podsMetric('rps'), { groupResource: { group: 'networking.k8s.io', resource: 'ingresses' }, namespaced: true, metric: 'hits' }]);
    const list = metrics.listAllMetrics();
    clock.advance(60_000);
    await until(() => other.requests.filter(({ path }) => path === EXTERNAL).length === 2);
    expect(metrics.listAllMetrics()).toBe(list);
    const [value] = await metrics.getMetricBySelector('shop', parseSelector('app=web'), podsMetric('rps'), parseSelector('code=200'), signal);
    expect(value).toMatchObject({ objectName: 'web-0', windowSeconds: 30, timestampMs: Date.parse(timestamp) });
    expect(other.requests.at(-1)!.parameters).toEqual({ labelSelector: 'app=web', metricLabelSelector: 'code=200' });
  });

  test('is found in whichever adapter has it, and what none has is not found', async () => {
    const [keda, other] = [await adapter({}), await adapter({ [`${EXTERNAL}/namespaces/shop/depth`]: ok({ items: [{ timestamp, value: '3' }] }) })];
    const metrics = await serve(`adapters: [${entry('keda', keda)}, ${entry('other', other)}]`);
    expect(await external(metrics, 'depth')).toMatchObject([{ value: '3' }]);
    expect(await external(metrics, 'none')).toMatchObject({ code: 404, reason: 'NotFound' });
  });

  test('fails when the adapter that may have it fails, not with a 404 of another', async () => {
    const [keda, other] = [await adapter({ [`${EXTERNAL}/namespaces/shop/depth`]: status(500, 'InternalError', 'no scaler answers') }), await adapter({})];
    const metrics = await serve(`adapters: [${entry('keda', keda)}, ${entry('other', other)}]`);
    expect(await external(metrics, 'depth')).toEqual({
      code: 500, reason: 'InternalError', message: `source keda: HTTP 500: no scaler answers; GET ${keda.url}${EXTERNAL}/namespaces/shop/depth`,
    });
  });

  test('whose adapter refuses us is unavailable: other credentials of who asks would not help', async () => {
    const keda = await adapter({ [`${EXTERNAL}/namespaces/shop/depth`]: status(403, 'Forbidden', 'User "system:serviceaccount:x:metrics" cannot list resource "depth"') });
    const metrics = await serve(`adapters: [${entry('keda', keda)}]`);
    expect(await external(metrics, 'depth')).toEqual({
      code: 503,
      reason: 'ServiceUnavailable',
      message: `source keda: HTTP 403: User "system:serviceaccount:x:metrics" cannot list resource "depth"; GET ${keda.url}${EXTERNAL}/namespaces/shop/depth`,
    });
  });

  test('is not asked of an adapter that does not prove who it is, and no token goes there', async () => {
    const keda = await adapter({});
    directory.write('strange.crt', (await createCertificateAuthority('strange')).certificate);
    const metrics = await serve(`adapters: [${entry('keda', keda, 'strange.crt')}]`);
    expect(await external(metrics, 'depth')).toMatchObject({ code: 503, message: expect.stringContaining('its certificate is not signed by the certificate authority of the configuration') });
    expect(keda.requests).toEqual([]);
    await until(() => log.lines.length > 0);
    expect(log.lines.join()).toMatch(/Source does not answer.*keda/);
    directory.write('strange.crt', ca.certificate);
    clock.advance(5_000);
    expect(await external(metrics, 'depth')).toMatchObject({ code: 404 });
  });

  test('is unavailable as long as it is not known whether it is ours', async () => {
    const keda = await adapter({});
    const metrics = await serve(
      'sources: [{name: main, url: "http://127.0.0.1:9"}]', 'externalRules: [{seriesQuery: queue, metricsQuery: "sum(<<.Series>>)"}]', `adapters: [${entry('keda', keda)}]`,
    );
    expect(await external(metrics, 'depth')).toMatchObject({ code: 503, message: expect.stringContaining('metrics are not discovered yet') });
  });

  test('of several metrics that fail alone does not keep the others from being asked', async () => {
    const keda = await adapter({
      [`${EXTERNAL}/namespaces/shop/broken`]: status(503, 'ServiceUnavailable', 'its source does not answer'),
      [`${EXTERNAL}/namespaces/shop/depth`]: ok({ items: [{ timestamp, value: '3' }] }),
    });
    const metrics = await serve(`adapters: [${entry('keda', keda)}]`);
    for (let i = 0; i < 5; i++) await external(metrics, 'broken');
    expect(await external(metrics, 'depth')).toMatchObject([{ value: '3' }]);
  });

  test.each([
    ['no JSON', 'it is no object of Kubernetes'],
    [{ items: [{ value: 'many' }] }, '"many" is not a quantity'],
    [{}, 'it is no list of values'],
  ])('answered by %j is unavailable', async (body, problem) => {
    const keda = await adapter({ [`${EXTERNAL}/namespaces/shop/depth`]: ok(body) });
    expect(await external(await serve(`adapters: [${entry('keda', keda)}]`), 'depth')).toMatchObject({ code: 503, message: expect.stringContaining(problem) });
  });

  test('of a namespace is asked for as one of a namespace', async () => {
    const other = await adapter({ [`${CUSTOM}/v1beta2/namespaces/shop/metrics/load`]: ok({ items: [{ describedObject: { name: 'shop' }, timestamp, value: '1' }] }) });
    const metrics = await serve(`adapters: [${entry('other', other)}]`);
    const info = { groupResource: { group: '', resource: 'namespaces' }, namespaced: false, metric: 'load' };
    expect(await metrics.getMetricByName({ namespace: '', name: 'shop' }, info, everything, signal)).toMatchObject({ objectName: 'shop' });
  });

  test('and has no value, says who has none of it', async () => {
    const path = `${CUSTOM}/v1beta2/namespaces/shop/pods/web-0/rps`;
    const metrics = await serve(`adapters: [${entry('other', await adapter({ [path]: ok({ items: [] }) }))}]`);
    await expect(metrics.getMetricByName({ namespace: 'shop', name: 'web-0' }, podsMetric('rps'), everything, signal)).rejects.toMatchObject({
      code: 404, message: `the server could not find the metric rps for pods web-0: source other: it gives nothing for that; GET ${path}`,
    });
  });

  test.each([
    ['{name: keda, url: "http://keda.keda.svc"}', '.url is "http://keda.keda.svc"; give an https URL: a token is sent to it'],
    ['{name: keda, url: "https://keda.keda.svc", tls: {insecureSkipVerify: true}}', '.tls has insecureSkipVerify, and a token would go to whoever answers; give caFile, and serverName if need be'],
    ['{name: keda, url: "https://keda.keda.svc", verb: POST}', '.verb is not for adapters, which answer GET'],
  ])('%s is refused', async (adapters, message) => {
    await expect(serve(`adapters: [${adapters}]`)).rejects.toThrow(`config.yaml:1: adapters[0]${message}`);
  });
});
