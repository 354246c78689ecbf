import { readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Yaml } from 'cdk8s';
import { Cluster } from './cluster';
import { commandsOf } from './commands';
import { eventually } from './control-plane/eventually';
import { alive, deployment, podOf } from './live-objects';
import { ORIGINS } from './moving-origins';
import { companion, DIRECTORY, fromHelm, Program, unverifiedCompanion } from './moving-programs';
import { PodRunner } from './pod-runner';
import { Requests } from './requests';
import { Manifest } from '../golden/compare-manifests';

const API = 'v1beta1.metrics.k8s.io';
/** `periodSeconds` of a readiness probe that does not say: the time that a pod that fails stays in its Service. */
const PROBE_PERIOD_MS = 10_000;

const file = join(DIRECTORY, 'dist.yaml');
const theirsFile = join(DIRECTORY, 'theirs.yaml');
let cluster: Cluster;
let pods: PodRunner;
let theirs: readonly Manifest[];
let unverified: Program;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  const origin = await ORIGINS['Helm\'s chart']();
  theirs = origin.objects;
  const ours = await fromHelm('default', 'metrics-server', { edit: companion });
  unverified = await fromHelm('default', 'metrics-server', { edit: unverifiedCompanion });
  pods = new PodRunner(cluster, 'kube-system', origin.selector);
  writeFileSync(file, Yaml.stringify(...ours.objects));
  writeFileSync(theirsFile, Yaml.stringify(...theirs));
  await cluster.kubectl.run('apply', '-f', file);
  await eventually(async () => expect((await apiService()).caBundle).toBeTruthy(), 90_000);
  await cluster.apiServiceAvailable(API);
  await cluster.metricsServed();
}, 240_000);

afterAll(async () => {
  await pods?.stop();
  await cluster?.stop();
  rmSync(DIRECTORY, { recursive: true, force: true });
});

test('a patch by hand does not last: the pods write their caBundle again', async () => {
  await cluster.kubectl.run('patch', 'apiservice', API, '--type=merge', '-p', '{"spec":{"caBundle":null,"insecureSkipTLSVerify":true}}');
  await eventually(async () => expect((await apiService()).caBundle).toBeTruthy(), 90_000);
}, 120_000);

test('the commands of the guide go through, and metrics stay readable', async () => {
  const requests = new Requests(cluster.kubectl);
  writeFileSync(file, Yaml.stringify(...unverified.objects));
  const [first, ...rest] = guide();
  expect((await cluster.kubectl.try(...first)).stderr).toContain('may not be true if caBundle is present');
  for (const command of rest) await cluster.kubectl.run(...command);
  await cluster.apiServiceAvailable(API);
  await cluster.metricsServed();

  const { asked, longestFailureMs, failures } = await requests.stop();
  expect(asked).toBeGreaterThan(10);
  expect({ longestFailureMs, failures, tooLong: longestFailureMs > PROBE_PERIOD_MS }).toMatchObject({ tooLong: false });
}, 240_000);

test('what runs is what Helm says', async () => {
  expect(await alive(cluster, theirs)).toHaveLength(theirs.length);
  expect(podOf(deployment(await alive(cluster, theirs)).spec)).toEqual(podOf(deployment(theirs).spec));
  expect(await apiService()).toMatchObject({ insecureSkipTLSVerify: true });
  expect(await apiService()).not.toHaveProperty('caBundle');
});

async function apiService(): Promise<any> {
  return (await cluster.kubectl.json('get', 'apiservice', API)).spec;
}

/** What stands in for Helm does what Helm 4 does: a server-side apply of its manifest. */
function guide(): string[][] {
  const [, section] = readFileSync('docs/migrate-from-helm.md', 'utf8').split('## Going back');
  const text = section.split('\n## ')[0].replace(/^ +/gm, '')
    .replace(/^helm rollback .*$/m, `kubectl apply --server-side --force-conflicts --field-manager=helm -f ${theirsFile}`);
  return commandsOf(text).map((command) => command.replace('dist/', file).replace(/'/g, '').split(' ').slice(1));
}
