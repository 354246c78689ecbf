import { writeFileSync } from 'fs';
import { ControlPlane } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { Kubectl, KubectlResult } from './control-plane/kubectl';
import { guideCommands, leftOf, PROMETHEUS_ADAPTER, prometheusAdapterObjects, servicesOfMetrics, unverifiedApiService } from './prometheus-adapter-origin';
import { chartOf } from '../cli/from-helm/read-program';
import { withApiServices } from '../cli/from-prometheus-adapter/meaning';
import { runCli } from '../cli/run-cli';

const [PRINT, APPLY, APPLY_AGAIN, CLEAN_UP, BACK, DELETE] = guideCommands();
const SYNTH = 'npx cdk8s synth';

const KEDA = { name: 'keda-operator-metrics-apiserver', namespace: 'keda' };
const OLD = PROMETHEUS_ADAPTER;
const NEW = { name: 'metrics-adapter', namespace: 'monitoring' };

let controlPlane: ControlPlane;
let kubectl: Kubectl;
let program: string;

/** prometheus-adapter's own manifests, with custom metrics beside usage, and KEDA beside it. */
beforeAll(async () => {
  controlPlane = await ControlPlane.start({ controllers: false });
  kubectl = new Kubectl(controlPlane);
  await eventually(() => kubectl.run('create', 'namespace', 'monitoring'));
  writeObjects('prometheus-adapter.json', prometheusAdapterObjects());
  writeObjects('keda.json', [unverifiedApiService('external.metrics.k8s.io', KEDA)]);
  await kubectl.run('apply', '-f', controlPlane.path('prometheus-adapter.json'), '-f', controlPlane.path('keda.json'));
}, 120_000);

afterAll(() => controlPlane?.stop());

test('the program of the guide takes no API group before its adapter runs', async () => {
  const config = controlPlane.path('config.yaml');
  const [get, print] = PRINT;
  writeFileSync(config, await succeeds(get));
  const { code, errors, written } = runCli(print.replace('npx cdk8s-metrics-server ', '').replace('config.yaml', config).split(' '));
  expect({ code, errors }).toEqual({ code: 0, errors: [] });
  program = written.get('metrics-adapter.ts')!;
  const before = await servicesOfMetrics(kubectl);

  const [synth, apply, rollout] = APPLY;
  expect(synth).toBe(SYNTH);
  writeDist(program);
  await succeeds(apply);

  // No node runs pods here, for whose rollout to wait: the command is read by the real Deployment's name alone.
  expect(rollout).toBe('kubectl rollout status deployment/metrics-adapter -n monitoring');
  await kubectl.run('get', 'deployment', 'metrics-adapter', '-n', 'monitoring');
  expect(await servicesOfMetrics(kubectl)).toEqual(before);
  expect(before).toEqual({ 'v1beta1.custom.metrics.k8s.io': OLD, 'v1beta1.external.metrics.k8s.io': KEDA, 'v1beta1.metrics.k8s.io': OLD });
});

const MOVED = {
  'v1.metrics.k8s.io': NEW,
  'v1beta1.custom.metrics.k8s.io': NEW,
  'v1beta1.external.metrics.k8s.io': KEDA,
  'v1beta1.metrics.k8s.io': NEW,
  'v1beta2.custom.metrics.k8s.io': NEW,
};

test('the second apply leads to it what prometheus-adapter served, and leaves KEDA its group', async () => {
  const [synth, apply, ...more] = APPLY_AGAIN;
  expect({ synth, more }).toEqual({ synth: SYNTH, more: [] });
  writeDist(withApiServices(program));
  await succeeds(apply);
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
});

test('what is deleted then leaves nothing of prometheus-adapter behind', async () => {
  for (const command of CLEAN_UP) await succeeds(command);
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
  expect(await leftOf(kubectl, 'prometheus-adapter')).toEqual(['clusterrole.rbac.authorization.k8s.io/system:aggregated-metrics-reader']);
});

test('the way back: prometheus-adapter runs before the API groups lead to it, and nothing of the chart is left', async () => {
  await fillCaBundles();
  const [apply, rollout, patch, applyAgain, deleteApiServices, ...more] = BACK;

  const { code, stderr } = await run(apply);
  expect(code).toBe(1);
  expect(stderr.match(/may not be true if caBundle is present/g)).toHaveLength(2);
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
  expect(rollout).toBe('kubectl rollout status deployment/prometheus-adapter -n monitoring');
  await kubectl.run('get', 'deployment,service', 'prometheus-adapter', '-n', 'monitoring');

  await succeeds(patch);
  await succeeds(applyAgain);
  await succeeds(deleteApiServices);
  expect(more).toEqual([]);
  const [synth, deleteDist] = DELETE;
  expect(synth).toBe(SYNTH);
  writeDist(program);
  await succeeds(deleteDist);

  expect(await servicesOfMetrics(kubectl)).toEqual({ 'v1beta1.custom.metrics.k8s.io': OLD, 'v1beta1.external.metrics.k8s.io': KEDA, 'v1beta1.metrics.k8s.io': OLD });
  const { items } = await kubectl.json('get', 'apiservices', 'v1beta1.custom.metrics.k8s.io', 'v1beta1.metrics.k8s.io');
  expect(items.map(({ spec: { insecureSkipTLSVerify, caBundle } }: any) => ({ insecureSkipTLSVerify, caBundle }))).toEqual([
    { insecureSkipTLSVerify: true }, { insecureSkipTLSVerify: true },
  ]);
  expect(await leftOf(kubectl, 'metrics-adapter')).toEqual([]);
});

/** As the runtime does, whose pods nobody runs here. */
async function fillCaBundles(): Promise<void> {
  const caBundle = Buffer.from(await kubectl.run('get', 'configmap', 'extension-apiserver-authentication', '-n', 'kube-system', '-o', 'jsonpath={.data.client-ca-file}')).toString('base64');
  for (const [name, service] of Object.entries(await servicesOfMetrics(kubectl))) {
    if (service.name !== KEDA.name) await kubectl.run('patch', 'apiservice', name, '--type=merge', '-p', JSON.stringify({ spec: { caBundle, insecureSkipTLSVerify: false } }));
  }
}

/** What `cdk8s synth` makes of the program. */
function writeDist(text: string): void {
  writeObjects('dist.json', chartOf(text, 'MetricsAdapterChart').toJson());
}

function writeObjects(file: string, items: object[]): void {
  writeFileSync(controlPlane.path(file), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

async function succeeds(command: string): Promise<string> {
  const { code, stdout, stderr } = await run(command);
  expect({ command, code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

/** A command as a shell would run it, with the files that were written here. */
function run(command: string): Promise<KubectlResult> {
  const [, ...args] = command.replace(/ > .*$| +#.*$/, '').replaceAll('\'', '').split(' ');
  return kubectl.try(...args.map((arg) => ['dist/', 'prometheus-adapter/'].includes(arg) ? controlPlane.path(arg.replace('/', '.json')) : arg));
}
