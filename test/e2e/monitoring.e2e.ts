import { readFileSync } from 'fs';
import { request, RequestOptions } from 'https';
import { synthesize } from './charts';
import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { createCustomResourceDefinitions, PROMETHEUS_OPERATOR } from './custom-resource-definitions';
import { Prometheus, ScrapeFiles } from './prometheus/prometheus';
import { MetricsReader, Monitoring, ScrapeCredentials, SecretRef } from '../../src';
import { Manifest, parseManifests } from '../golden/compare-manifests';

const POD = '192.0.2.10';
const WITH_TOKEN = synthesize('with-token', () => ({ monitoring: Monitoring.serviceMonitor(), alertRules: {}, dashboard: {} })).server;
const WITH_PROMETHEUS_TOKEN = synthesize('with-prometheus-token', () => ({
  monitoring: Monitoring.serviceMonitor({ credentials: ScrapeCredentials.prometheusServiceAccount('prometheus-k8s', 'monitoring') }),
})).server;
const WITH_CERTIFICATE = synthesize('with-certificate', () => ({
  monitoring: Monitoring.podMonitor({
    credentials: ScrapeCredentials.clientCertificate(SecretRef.fromName('scraper'), { reader: MetricsReader.user('viewer') }),
  }),
})).server;

let cluster: Cluster;
const prometheus = new Prometheus();

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 2, pods: 4 });
  await createCustomResourceDefinitions(cluster.controlPlane, PROMETHEUS_OPERATOR);
  await cluster.apply();
  await cluster.kubectl.run('apply', '-f', WITH_TOKEN);
  await cluster.startRuntime();
  await cluster.metricsServed();
});

afterAll(async () => {
  await prometheus.stop();
  await cluster?.stop();
});

const objectOf = (file: string, kind: string): Manifest => parseManifests(readFileSync(file, 'utf8')).find((object) => object.kind === kind)!;
const endpoint = (file = WITH_TOKEN) => objectOf(file, 'ServiceMonitor').spec.endpoints[0];

/** What a monitor's secret reference leads to in the cluster. */
async function secretAt({ name, key }: { name: string; key: string }): Promise<string> {
  return eventually(async () => {
    const { data } = await cluster.kubectl.json('get', 'secret', '-n', 'kube-system', name);
    return Buffer.from(data[key], 'base64').toString();
  });
}

/** Asks the pod itself, as a scraper does, with the TLS settings of the ServiceMonitor. */
async function scrape(credentials: RequestOptions): Promise<{ status: number; body: string }> {
  const { tlsConfig, path } = endpoint();
  const ca = await secretAt(tlsConfig.ca.secret);
  return new Promise((resolve, reject) => {
    request({ host: POD, port: 10250, path, ca, servername: tlsConfig.serverName, agent: false, ...credentials }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => body += chunk).on('end', () => resolve({ status: response.statusCode!, body }));
    }).on('error', reject).end();
  });
}

const clientCertificate = (user: string) => ({
  cert: readFileSync(cluster.controlPlane.path(`${user}.crt`), 'utf8'), key: readFileSync(cluster.controlPlane.path(`${user}.key`), 'utf8'),
});

describe('/metrics', () => {
  test('is shown to the token that the ServiceMonitor names, over a connection that is verified', async () => {
    const token = await secretAt(endpoint().authorization.credentials);
    const { status, body } = await scrape({ headers: { authorization: `Bearer ${token}` } });

    expect([status, body]).toEqual([200, expect.stringMatching(/^metrics_server_storage_points\{type="node"\} 2$/m)]);
  });

  test('is shown to nobody else', async () => {
    expect((await scrape({})).status).toBe(403);
    expect((await scrape({ headers: { authorization: 'Bearer stranger' } })).status).toBe(401);
    expect((await scrape(clientCertificate('nobody'))).status).toBe(403);
    expect((await scrape(clientCertificate('viewer'))).status).toBe(403);
  });

  test('is shown to the user of a client certificate, when the PodMonitor names one', async () => {
    await cluster.kubectl.run('apply', '-f', WITH_CERTIFICATE);
    // Refusals are remembered for ten seconds.
    await eventually(async () => expect((await scrape(clientCertificate('viewer'))).status).toBe(200));
    expect((await scrape(clientCertificate('nobody'))).status).toBe(403);
    await cluster.kubectl.run('apply', '-f', WITH_TOKEN);
  });
});

describe('a real Prometheus', () => {
  const { spec: rules } = objectOf(WITH_TOKEN, 'PrometheusRule');

  test('accepts the rules', async () => {
    expect(await Prometheus.checkRules(rules)).toContain(`SUCCESS: ${rules.groups[0].rules.length} rules found`);
  });

  async function scrapes(by: Prometheus, endpointOfMonitor: any, credentials: Omit<ScrapeFiles, 'ca'>): Promise<void> {
    const target = { address: `${POD}:10250`, labels: { job: 'metrics-server', namespace: 'kube-system' } };
    await by.start(endpointOfMonitor, target, { ca: await secretAt(endpointOfMonitor.tlsConfig.ca.secret), ...credentials }, rules);
    await eventually(async () => expect(await by.query('up')).toEqual([expect.objectContaining({ value: [expect.any(Number), '1'] })]));
  }

  /** Another Prometheus, while the manifest with its rights stands. */
  async function isLetInBy(manifest: string, endpointOfMonitor: any, credentials: Omit<ScrapeFiles, 'ca'>): Promise<void> {
    const other = new Prometheus();
    try {
      await cluster.kubectl.run('apply', '-f', manifest);
      await scrapes(other, endpointOfMonitor, credentials);
    } finally {
      await other.stop();
      await cluster.kubectl.run('apply', '-f', WITH_TOKEN);
    }
  }

  test('is let in by the token of its own pod, where the ServiceMonitor says so, and no neighbour is', async () => {
    const { kubectl } = cluster;
    await kubectl.run('create', 'namespace', 'monitoring');
    await kubectl.run('create', 'serviceaccount', 'prometheus-k8s', '-n', 'monitoring');
    await kubectl.run('create', 'serviceaccount', 'neighbour', '-n', 'monitoring');
    const tokenOf = async (serviceAccount: string) => (await kubectl.run('create', 'token', serviceAccount, '-n', 'monitoring')).trim();

    await isLetInBy(WITH_PROMETHEUS_TOKEN, endpoint(WITH_PROMETHEUS_TOKEN), { token: await tokenOf('prometheus-k8s') });
    expect((await scrape({ headers: { authorization: `Bearer ${await tokenOf('neighbour')}` } })).status).toBe(403);
  });

  test('is let in by a client certificate, where the PodMonitor says so', async () => {
    const { spec } = objectOf(WITH_CERTIFICATE, 'PodMonitor');
    await isLetInBy(WITH_CERTIFICATE, spec.podMetricsEndpoints[0], { clientCertificate: clientCertificate('viewer') });
  });

  test('scrapes as the ServiceMonitor says, and every rule and panel finds its series', async () => {
    await scrapes(prometheus, endpoint(), { token: await secretAt(endpoint().authorization.credentials) });
    await cluster.metrics('nodes');

    const dashboard = JSON.parse(Object.values<string>(objectOf(WITH_TOKEN, 'ConfigMap').data)[0]);
    for (const { title, targets } of dashboard.panels) {
      for (const { expr } of targets) {
        // Kubelets that are well give no failures.
        const series = async () => [title, (await prometheus.query(expr.replaceAll('$__rate_interval', '1m'))).length > 0];
        await eventually(async () => expect(await series()).toEqual([title, !/^Failed/.test(title)]));
      }
    }
    await eventually(async () => expect((await prometheus.rules()).map(({ name, health, state }) => ({ name, health, state }))).toEqual(
      rules.groups[0].rules.map(({ alert }: { alert: string }) => ({ name: alert, health: 'ok', state: 'inactive' }))));
  });

  test('alerts when the server is gone', async () => {
    await cluster.runtime.stop();
    const active = async () => (await prometheus.rules()).filter(({ state }) => state !== 'inactive').map(({ name }) => name);
    await eventually(async () => expect(await active()).toEqual(['ExtensionApiServerDown']));
  });
});
