import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { Yaml } from 'cdk8s';
import { Cluster } from './cluster';
import { guideBlocks } from './commands';
import { eventually } from './control-plane/eventually';
import { alive, deployment, podOf } from './live-objects';
import { create, Origin, ORIGINS } from './moving-origins';
import { companion, DIRECTORY, Program, programOf, unverifiedCompanion } from './moving-programs';
import { PodRunner } from './pod-runner';
import { PROBE_PERIOD_MS, Requests } from './requests';
import { Shell } from './shell';
import { runCli } from '../cli/run-cli';
import { identity } from '../golden/compare-manifests';

const API = 'v1beta1.metrics.k8s.io';

const GUIDE = 'docs/migrate-from-helm.md';
const [PRINT, [APPLY], FORGET_HELM] = guideBlocks(GUIDE, '## From Helm\'s chart');
const [UNVERIFY, ROLLBACK, [LEFT_OVER]] = guideBlocks(GUIDE, '## Going back');

let cluster: Cluster;
let shell: Shell;
let pods: PodRunner;
let origin: Origin;
let printed: string;
let unverified: Program;

/** A release of Helm's, which was installed as Helm 3 does it. */
beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  shell = new Shell(cluster.controlPlane);
  mkdirSync(shell.path('dist'));
  origin = await ORIGINS['Helm\'s chart']();
  await create(shell, origin, '--server-side=false');
  pods = new PodRunner(cluster, 'kube-system', origin.selector);
  await cluster.apiServiceAvailable(API);
  await cluster.metricsServed();
}, 240_000);

afterAll(async () => {
  await pods?.stop();
  await cluster?.stop();
  rmSync(DIRECTORY, { recursive: true, force: true });
});

test('the guide prints the program of the release', async () => {
  const [list, values, print] = PRINT;
  expect(await shell.run(list)).toMatch(/APP VERSION.*\n.*\b0\.7\.2\b/);
  await shell.run(values);

  const { code, errors, written } = runCli(print.replace('npx cdk8s-metrics-server ', '').replace('values.yaml', shell.path('values.yaml')).split(' '));
  expect({ code, errors }).toEqual({ code: 0, errors: [] });
  printed = written.get('metrics-server.ts')!;
  expect(printed).toContain('v0.7.2');
  unverified = await programOf(printed, unverifiedCompanion);
});

test('the companion image takes over, and keeps its CA: a patch by hand does not last', async () => {
  const { objects, before, after } = await programOf(printed, companion);
  writeDist(objects);
  await shell.run(...before, APPLY, ...after, ...FORGET_HELM);
  await eventually(async () => expect((await apiService()).caBundle).toBeTruthy(), 90_000);
  await cluster.apiServiceAvailable(API);
  await cluster.metricsServed();
  expect(JSON.stringify(await alive(cluster, objects))).not.toMatch(/helm\.sh\/(chart|release)/);

  await cluster.kubectl.run('patch', 'apiservice', API, '--type=merge', '-p', '{"spec":{"caBundle":null,"insecureSkipTLSVerify":true}}');
  await eventually(async () => expect((await apiService()).caBundle).toBeTruthy(), 90_000);
}, 240_000);

test('the commands of the guide go back, and metrics stay readable', async () => {
  writeDist(unverified.objects);
  const [refused, ...rest] = UNVERIFY;
  await Requests.succeedDuring(cluster.kubectl, async () => {
    expect((await shell.try(refused)).stderr).toContain('may not be true if caBundle is present');
    await shell.run(...rest, ...ROLLBACK);
    await cluster.apiServiceAvailable(API);
    await cluster.metricsServed();
  }, PROBE_PERIOD_MS);
}, 240_000);

test('what runs is what Helm says, and the guide lists what is left over', async () => {
  const theirs = origin.objects;
  expect(await alive(cluster, theirs)).toHaveLength(theirs.length);
  expect(podOf(deployment(await alive(cluster, theirs)).spec)).toEqual(podOf(deployment(theirs).spec));
  expect(await apiService()).toMatchObject({ insecureSkipTLSVerify: true });
  expect(await apiService()).not.toHaveProperty('caBundle');

  const ours = unverified.objects.filter((object) => !theirs.some((one) => identity(one) === identity(object)));
  const left = (await alive(cluster, ours)).map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
  const listed = (await shell.run(LEFT_OVER)).trim().split('\n').map((name) => name.replace(/\.[^/]*/, ''));
  expect(listed.sort()).toEqual(left.sort());
});

async function apiService(): Promise<any> {
  return (await cluster.kubectl.json('get', 'apiservice', API)).spec;
}

/** What `cdk8s synth` writes. */
function writeDist(objects: Program['objects']): void {
  writeFileSync(shell.path('dist/metrics-server.k8s.yaml'), Yaml.stringify(...objects));
}
