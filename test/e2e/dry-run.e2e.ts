import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as fc from 'fast-check';
import { ControlPlane } from './control-plane/control-plane';
import { Kubectl } from './control-plane/kubectl';
import { CERT_MANAGER, createCustomResourceDefinitions, PROMETHEUS_OPERATOR } from './custom-resource-definitions';
import { Monitoring } from '../../src';
import { synthesizeExample } from '../../start/synthesize';
import { Manifest, parseManifests } from '../golden/compare-manifests';
import { adapters, addMetricsAdapter } from '../random-adapters';
import { addMetricsServer, metricsServerProps, nannyOptions } from '../random-props';
import { addServers, servers } from '../random-servers';
import { SEED } from '../seed';
import { testChart } from '../synthesize';

const EXAMPLES = readdirSync('examples', { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const SAMPLES = 250;
const AT_ONCE = 8;

let controlPlane: ControlPlane;
let kubectl: Kubectl;
let directory: string;
const namespaces = new Set(['default', 'kube-system']);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'dry-run-'));
  controlPlane = await ControlPlane.start({ controllers: false });
  kubectl = new Kubectl(controlPlane);
  await createCustomResourceDefinitions(controlPlane, PROMETHEUS_OPERATOR);
  await createCustomResourceDefinitions(controlPlane, CERT_MANAGER);
});

afterAll(async () => {
  await controlPlane?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test.each(EXAMPLES)('kube-apiserver accepts the example %s', async (example) => {
  const output = join(directory, example);
  await synthesizeExample(example, output);
  const files = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml')).map((file) => join(output, file));
  expect(files.length).toBeGreaterThan(0);
  await createNamespaces(files.flatMap((file) => parseManifests(readFileSync(file, 'utf8'))));
  for (const file of files) {
    await kubectl.run('apply', '--dry-run=server', '--validate=strict', '-f', file);
  }
});

test(`kube-apiserver accepts the objects of ${SAMPLES} random properties`, async () => {
  const given = fc.tuple(metricsServerProps, nannyOptions, servers, adapters);
  const samples = fc.sample(given, { numRuns: SAMPLES, seed: SEED }).flatMap(([props, nanny, others, adapter], sample) => {
    const chart = testChart();
    addMetricsServer(chart, props, nanny);
    addServers(chart, others);
    // It may have metrics.k8s.io as well, which one of a chart has.
    const adapterChart = testChart();
    addMetricsAdapter(adapterChart, adapter);
    return [chart, adapterChart].flatMap((one) => one.toJson() as Manifest[]).map((object) => ({ sample, object }));
  });
  await createNamespaces(samples.map(({ object }) => object));
  const paths = await collectionPaths();
  const refused: string[] = [];
  await atOnce(samples, async ({ sample, object }) => {
    await dryRun(paths, object).catch((error: Error) => refused.push(`seed ${SEED}, sample ${sample}: ${error.message}`));
  });

  expect(refused).toEqual([]);
  // What has not been synthesized has not been tried.
  expect(samples.map(({ object }) => object.kind)).toEqual(expect.arrayContaining([
    'APIService', 'Certificate', 'ClusterRole', 'ClusterRoleBinding', 'ConfigMap', 'Deployment', 'Issuer', 'NetworkPolicy', 'PodDisruptionBudget',
    'PodMonitor', 'PrometheusRule', 'Role', 'RoleBinding', 'Secret', 'Service', 'ServiceAccount', 'ServiceMonitor',
  ]));
}, 300_000);

test.each<[string, string, (spec: any) => void, RegExp]>([
  ['a field that it has not', 'Deployment', (spec) => { spec.strange = 1; }, /400 .*unknown field \\"spec.strange\\"/],
  ['a field that it has not', 'ServiceMonitor', (spec) => { spec.strange = 1; }, /400 .*unknown field \\"spec.strange\\"/],
  ['a value that it cannot have', 'ServiceMonitor', (spec) => { spec.endpoints[0].interval = 'often'; }, /422 .*spec.endpoints\[0\].interval/],
])('the dry run refuses %s in a %s', async (_, kind, spoil, refusal) => {
  const chart = testChart();
  addMetricsServer(chart, { monitoring: Monitoring.serviceMonitor() });
  const object = structuredClone((chart.toJson() as Manifest[]).find((one) => one.kind === kind))!;
  spoil(object.spec);

  await expect(dryRun(await collectionPaths(), object)).rejects.toThrow(refusal);
});

/** The path at which objects of a type are created, where `*` stands for the namespace. */
async function collectionPaths(): Promise<Map<string, string>> {
  const { groups } = await controlPlane.request('GET', '/apis');
  const roots = ['/api/v1', ...groups.flatMap(({ versions }: any) => versions.map(({ groupVersion }: any) => `/apis/${groupVersion}`))];
  const paths = new Map<string, string>();
  for (const root of roots) {
    const { groupVersion, resources } = await controlPlane.request('GET', root);
    for (const { name, kind, namespaced } of resources.filter((resource: any) => !resource.name.includes('/'))) {
      paths.set(`${groupVersion} ${kind}`, `${root}/${namespaced ? 'namespaces/*/' : ''}${name}`);
    }
  }
  return paths;
}

/** What `kubectl apply --dry-run=server --validate=strict` asks for an object that is not there yet, without starting kubectl. */
async function dryRun(paths: ReadonlyMap<string, string>, object: Manifest): Promise<void> {
  const path = paths.get(`${object.apiVersion} ${object.kind}`)!.replace('*', object.metadata.namespace!);
  await controlPlane.request('POST', `${path}?dryRun=All&fieldValidation=Strict`, object);
}

async function createNamespaces(objects: readonly Manifest[]): Promise<void> {
  const missing = new Set(objects.flatMap(({ metadata: { namespace } }) => namespace === undefined || namespaces.has(namespace) ? [] : [namespace]));
  missing.forEach((namespace) => namespaces.add(namespace));
  await atOnce([...missing], (name) => controlPlane.request('POST', '/api/v1/namespaces', { metadata: { name } }));
}

async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  }));
}
