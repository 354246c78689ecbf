import { Agent, get } from 'https';
import { AddressInfo } from 'net';
import { goldenJson } from '../golden';
import { recordedCluster } from './cluster';
import { metricsHealthChecks } from '../../../../src/runtime/api/metrics/health-checks';
import { metricsApi } from '../../../../src/runtime/api/metrics/metrics-api';
import { ApiServer } from '../../../../src/runtime/server/api-server';
import { AuthenticatorChain } from '../../../../src/runtime/server/authentication/authenticator';
import { ServerMetrics } from '../../../../src/runtime/server/server-metrics';
import { createCertificateAuthority, issueServingCertificate } from '../../../../src/runtime/serving-certificate/issue';
import { silentLogger } from '../../../../src/runtime/telemetry/logger';
import { MetricRegistry } from '../../../../src/runtime/telemetry/metric-registry';

const cluster = recordedCluster();
const server = new ApiServer({
  groupVersions: [metricsApi({ ...cluster, version: 'v1' }), metricsApi({ ...cluster, version: 'v1beta1' })],
  healthChecks: metricsHealthChecks({ ...cluster, lastCycleStartMs: () => undefined, resolutionMs: 15_000 }),
  title: 'test',
  version: 'v1.2.3',
  authenticator: new AuthenticatorChain([{ authenticate: async () => ({ name: 'jane', groups: [] }) }]),
  authorizer: { authorize: async () => ({ allowed: true }) },
  metrics: new ServerMetrics(new MetricRegistry()),
  maxRequestsInFlight: 10,
  requestTimeoutMs: 60_000,
  clock: cluster.clock,
  logger: silentLogger,
});

let address: AddressInfo;
let agent: Agent;

beforeAll(async () => {
  const ca = await createCertificateAuthority('test', Date.now());
  const { certificate, key } = await issueServingCertificate(ca, { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] }, Date.now());
  server.setServingCertificate({ cert: certificate, key });
  address = await server.listen({ host: '127.0.0.1', port: 0 });
  agent = new Agent({ ca: ca.certificate, keepAlive: true });
});

afterAll(async () => {
  agent.destroy();
  await server.close(0);
});

interface Answer {
  readonly status?: number;
  readonly body: string;
}

async function read(path: string, accept = 'application/json'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ host: address.address, port: address.port, path, agent, headers: { accept } }, response => {
      let body = '';
      response.setEncoding('utf8').on('data', text => { body += text; });
      response.on('end', () => resolve({ status: response.statusCode, body })).on('error', reject);
    }).on('error', reject);
  });
}

const v1beta1 = '/apis/metrics.k8s.io/v1beta1';

test('unless asked otherwise, bodies are compact and end with a newline', async () => {
  expect((await read(`${v1beta1}/nodes`)).body).toBe(`${JSON.stringify(goldenJson('nodes-list.json'))}\n`);
});

test('v1 says v1', async () => {
  const { body } = await read('/apis/metrics.k8s.io/v1/pods');
  expect(JSON.parse(body)).toEqual({ ...goldenJson('pods-list.json'), apiVersion: 'metrics.k8s.io/v1' });
});

test('a field selector on the name is still a list', async () => {
  const { body } = await read(`${v1beta1}/namespaces/default/pods?fieldSelector=metadata.name%3Dweb-1`);
  expect(JSON.parse(body)).toMatchObject({ kind: 'PodMetricsList', items: [{ metadata: { name: 'web-1' } }] });
});

test('OpenAPI holds the kinds of both versions, and each reference leads somewhere', async () => {
  for (const version of ['v1', 'v1beta1']) {
    const { body } = await read(`/openapi/v3/apis/metrics.k8s.io/${version}`);
    const { paths, components: { schemas } } = JSON.parse(body);
    expect(paths).toHaveProperty([`/apis/metrics.k8s.io/${version}/`]);
    expect(schemas).toHaveProperty([`io.k8s.metrics.pkg.apis.metrics.${version}.PodMetrics`]);
    const referred = [...body.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(referred.filter(name => !(name in schemas))).toEqual([]);
  }
});
