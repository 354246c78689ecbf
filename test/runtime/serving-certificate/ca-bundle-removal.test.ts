import { RecordingClient, SERVICE } from './replica';
import { FIELD_MANAGER } from '../../../src/_facts/rights';
import { CaBundleRemoval } from '../../../src/runtime/serving-certificate/ca-bundle-removal';
import { resourceOfKind } from '../../simulated-cluster/kube-object';
import { SimulatedCluster, startSimulatedCluster } from '../../simulated-cluster/simulated-cluster';
import { until } from '../cluster/fake-api-server';
import { RecordingLogger } from '../cluster/fixtures';
import { ManualClock } from '../manual-clock';

const NAME = 'v1beta1.metrics.k8s.io';
const API_SERVICES = resourceOfKind('apiregistration.k8s.io/v1', 'APIService')!;

let cluster: SimulatedCluster;
let client: RecordingClient;
let clock: ManualClock;
let logger: RecordingLogger;
let removal: CaBundleRemoval;

beforeEach(async () => {
  cluster = await startSimulatedCluster({ nodes: 1, pods: 1 });
  client = await RecordingClient.of(cluster, 'kubernetes-admin');
  clock = new ManualClock();
  logger = new RecordingLogger();
  removal = new CaBundleRemoval({ apiServiceName: NAME, service: SERVICE, client, clock, random: () => 0, logger });
});

afterEach(async () => {
  removal.stop();
  client.close();
  await cluster.stop();
});

function apply({ manager = FIELD_MANAGER, fields = ['f:caBundle'], overrides = {} }: { manager?: string; fields?: string[]; overrides?: object } = {}) {
  return cluster.apply({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: {
      name: NAME,
      managedFields: [{ manager, operation: 'Update', fieldsV1: { 'f:spec': Object.fromEntries(fields.map((field) => [field, {}])) } }],
    },
    spec: { service: SERVICE, group: 'metrics.k8s.io', version: 'v1beta1', caBundle: 'T1VSIENB', insecureSkipTLSVerify: false, ...overrides },
  } as Parameters<SimulatedCluster['apply']>[0]);
}

function spec(): any {
  return cluster.store.find(API_SERVICES, '', NAME)!.spec;
}

test('removes the CA that this program wrote, in one patch that has verification skipped instead', async () => {
  const { resourceVersion } = apply().metadata;
  removal.start();
  await until(() => logger.lines.length === 1);
  expect(spec()).not.toHaveProperty('caBundle');
  expect(spec().insecureSkipTLSVerify).toBe(true);
  expect(client.writes).toEqual([{
    method: 'PATCH',
    path: `/apis/apiregistration.k8s.io/v1/apiservices/${NAME}`,
    query: { fieldManager: FIELD_MANAGER },
    contentType: 'application/merge-patch+json',
    body: { metadata: { resourceVersion }, spec: { caBundle: null, insecureSkipTLSVerify: true } },
  }]);
  expect(logger.lines).toEqual([`I Removed own caBundle; this API is no longer verified apiService=${NAME}`]);
});

test.each([
  ['that somebody else wrote', { manager: 'cert-manager-cainjector' }],
  ['of which this program wrote other fields only', { fields: ['f:insecureSkipTLSVerify'] }],
  ['of an APIService that points elsewhere', { overrides: { service: { namespace: 'monitoring', name: 'prometheus-adapter' } } }],
])('leaves a CA alone %s', async (_whose, apiService) => {
  apply(apiService);
  removal.start();
  await until(() => client.watches === 1);
  expect(client.writes).toEqual([]);
  expect(spec().caBundle).toBe('T1VSIENB');
});

test('does nothing where there is no CA', async () => {
  apply({ overrides: { caBundle: undefined } });
  removal.start();
  await until(() => client.watches === 1);
  expect(client.writes).toEqual([]);
});

test('gives way for ten seconds to an older replica that fills it in again', async () => {
  apply();
  removal.start();
  await until(() => logger.lines.length === 1);
  apply();
  await until(() => clock.pending === 1);
  expect(clock.nextInMs).toBe(10_000);
  expect(client.writes).toHaveLength(1);
  clock.advance(10_000);
  await until(() => logger.lines.length === 2);
  expect(spec()).not.toHaveProperty('caBundle');
  expect(client.writes).toHaveLength(2);
});
