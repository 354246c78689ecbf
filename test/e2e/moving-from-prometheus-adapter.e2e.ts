import { readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { ControlPlane } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { Kubectl, KubectlResult } from './control-plane/kubectl';
import { goModule } from './go-module';
import { chartOf } from '../cli/from-helm/read-program';
import { withApiServices } from '../cli/from-prometheus-adapter/meaning';
import { runCli } from '../cli/run-cli';

const MANIFESTS = join(goModule('sigs.k8s.io/prometheus-adapter'), 'deploy/manifests');
const [PRINT, APPLY, APPLY_AGAIN, CLEAN_UP, BACK, DELETE] = [...readFileSync('docs/migrate-from-prometheus-adapter.md', 'utf8').matchAll(/^```sh\n([^`]+)```$/gm)]
  .map(([, commands]) => commands.trim().split('\n'));
const SYNTH = 'npx cdk8s synth';

const RULE = `"rules":
- seriesQuery: http_requests_total
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
`;
const KEDA = { name: 'keda-operator-metrics-apiserver', namespace: 'keda' };
const OLD = { name: 'prometheus-adapter', namespace: 'monitoring' };
const NEW = { name: 'metrics-adapter', namespace: 'monitoring' };

let controlPlane: ControlPlane;
let kubectl: Kubectl;
let program: string;

/** prometheus-adapter's own manifests, with custom metrics beside usage, and KEDA beside it. */
beforeAll(async () => {
  controlPlane = await ControlPlane.start({ controllers: false });
  kubectl = new Kubectl(controlPlane);
  await eventually(() => kubectl.run('create', 'namespace', 'monitoring'));
  const items = readdirSync(MANIFESTS).map((file) => parse(readFileSync(join(MANIFESTS, file), 'utf8')));
  const configMap = items.find(({ kind }) => kind === 'ConfigMap');
  configMap.data['config.yaml'] = `${RULE}${configMap.data['config.yaml']}`;
  writeObjects('prometheus-adapter.json', [...items, apiService('custom.metrics.k8s.io', OLD)]);
  writeObjects('keda.json', [apiService('external.metrics.k8s.io', KEDA)]);
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
  const before = await services();

  const [synth, apply, rollout] = APPLY;
  expect(synth).toBe(SYNTH);
  writeDist(program);
  await succeeds(apply);

  // No node runs pods here, for whose rollout to wait: the command is read by the real Deployment's name alone.
  expect(rollout).toBe('kubectl rollout status deployment/metrics-adapter -n monitoring');
  await kubectl.run('get', 'deployment', 'metrics-adapter', '-n', 'monitoring');
  expect(await services()).toEqual(before);
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
  expect(await services()).toEqual(MOVED);
});

test('what is deleted then leaves nothing of prometheus-adapter behind', async () => {
  for (const command of CLEAN_UP) await succeeds(command);
  expect(await services()).toEqual(MOVED);
  expect(await leftOf('prometheus-adapter')).toEqual(['clusterrole.rbac.authorization.k8s.io/system:aggregated-metrics-reader']);
});

test('the way back: prometheus-adapter runs before the API groups lead to it, and nothing of the chart is left', async () => {
  await fillCaBundles();
  const [apply, rollout, patch, applyAgain, deleteApiServices, ...more] = BACK;

  const { code, stderr } = await run(apply);
  expect(code).toBe(1);
  expect(stderr.match(/may not be true if caBundle is present/g)).toHaveLength(2);
  expect(await services()).toEqual(MOVED);
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

  expect(await services()).toEqual({ 'v1beta1.custom.metrics.k8s.io': OLD, 'v1beta1.external.metrics.k8s.io': KEDA, 'v1beta1.metrics.k8s.io': OLD });
  const { items } = await kubectl.json('get', 'apiservices', 'v1beta1.custom.metrics.k8s.io', 'v1beta1.metrics.k8s.io');
  expect(items.map(({ spec: { insecureSkipTLSVerify, caBundle } }: any) => ({ insecureSkipTLSVerify, caBundle }))).toEqual([
    { insecureSkipTLSVerify: true }, { insecureSkipTLSVerify: true },
  ]);
  expect(await leftOf('metrics-adapter')).toEqual([]);
});

/** As the runtime does, whose pods nobody runs here. */
async function fillCaBundles(): Promise<void> {
  const caBundle = Buffer.from(await kubectl.run('get', 'configmap', 'extension-apiserver-authentication', '-n', 'kube-system', '-o', 'jsonpath={.data.client-ca-file}')).toString('base64');
  for (const [name, service] of Object.entries(await services())) {
    if (service.name !== KEDA.name) await kubectl.run('patch', 'apiservice', name, '--type=merge', '-p', JSON.stringify({ spec: { caBundle, insecureSkipTLSVerify: false } }));
  }
}

/** Where each API group of metrics leads. */
async function services(): Promise<Record<string, { name: string; namespace: string }>> {
  const { items } = await kubectl.json('get', 'apiservices');
  const ofMetrics = items.filter(({ spec }: any) => /(^|\.)metrics\.k8s\.io$/.test(spec.group));
  return Object.fromEntries(ofMetrics.map(({ metadata, spec: { service: { name, namespace } } }: any) => [metadata.name, { name, namespace }]));
}

async function leftOf(name: string): Promise<string[]> {
  const kinds = 'deployment,service,serviceaccount,configmap,poddisruptionbudget,networkpolicy,role,clusterrole,clusterrolebinding,rolebinding';
  const left = await kubectl.run('get', kinds, '-A', '-l', `app.kubernetes.io/name=${name}`, '-o', 'name');
  return left.split('\n').filter(Boolean);
}

function apiService(group: string, service: object): object {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `v1beta1.${group}` },
    spec: { group, version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true, service },
  };
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
