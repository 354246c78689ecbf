import { freePort, Workbench } from './runtime-process';
import { FIELD_MANAGER } from '../../../src/_facts/rights';
import { KubeObject, resourceOfKind } from '../../simulated-cluster/kube-object';
import { SimulatedCluster, startSimulatedCluster } from '../../simulated-cluster/simulated-cluster';

const [SECRETS, API_SERVICES] = [resourceOfKind('v1', 'Secret')!, resourceOfKind('apiregistration.k8s.io/v1', 'APIService')!];
const API_SERVICE = 'v1beta1.metrics.k8s.io';
const SERVICE = 'kube-system/metrics-server';

let bench: Workbench;
let cluster: SimulatedCluster;

beforeAll(async () => {
  bench = new Workbench();
  cluster = await startSimulatedCluster({ nodes: 1, pods: 1 });
});

afterAll(async () => {
  await bench.remove();
  await cluster.stop();
});

const start = async (...flags: string[]) => bench.run(...bench.flags(await freePort(), await cluster.kubeconfigPath('kubernetes-admin')), ...flags).serving();
const secret = () => cluster.store.get(SECRETS, 'kube-system', 'cert');
const caBundle = () => cluster.store.get(API_SERVICES, '', API_SERVICE).spec.caBundle;

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The API of the Service; its caBundle, if it has one, written by this program. */
function apply(written: { caBundle?: string }): void {
  cluster.apply({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: {
      name: API_SERVICE,
      managedFields: [{ manager: FIELD_MANAGER, operation: 'Update', fieldsV1: { 'f:spec': { 'f:caBundle': {} } } }],
    },
    spec: { group: 'metrics.k8s.io', version: 'v1beta1', service: { namespace: 'kube-system', name: 'metrics-server' }, ...written },
  } as KubeObject);
}

test('--self-managed-cert-secret, --self-managed-cert-service: the Secret and the APIServices of the Service are filled', async () => {
  cluster.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'kube-system', name: 'cert' }, type: 'Opaque' });
  apply({});
  const filling = await start('--self-managed-cert-secret=kube-system/cert', `--self-managed-cert-service=${SERVICE}`);
  expect(secret().data).toBeDefined();
  await eventually(() => caBundle() !== undefined);
  // Or it would fill it again.
  filling.signal('SIGTERM');
  expect(await filling.exitCode).toBe(0);
});

test('--remove-ca-bundle-of-service: what this program wrote into the APIServices of the Service is taken back', async () => {
  apply({ caBundle: 'T1VSIENB' });
  await start(`--remove-ca-bundle-of-service=${SERVICE}`);
  await eventually(() => caBundle() === undefined);
});
