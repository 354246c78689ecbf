import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Yaml } from 'cdk8s';
import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { alive, deployment, podOf } from './live-objects';
import { create, Origin, ORIGINS } from './moving-origins';
import { DIRECTORY, fromHelm, HELM_CHART, Program } from './moving-programs';
import { PodRunner } from './pod-runner';
import { PROBE_PERIOD_MS, Requests } from './requests';
import { Shell } from './shell';
import { Manifest, readManifests } from '../golden/compare-manifests';

const CLIENT_SIDE = ['apply'];
const SERVER_SIDE = ['apply', '--server-side', '--force-conflicts'];

let cluster: Cluster;
let shell: Shell;
let pods: PodRunner;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  shell = new Shell(cluster.controlPlane);
});

afterAll(async () => {
  await pods?.stop();
  await cluster?.stop();
  rmSync(DIRECTORY, { recursive: true, force: true });
});

describe.each([
  ['Helm\'s chart', CLIENT_SIDE],
  ['Helm\'s chart', SERVER_SIDE],
  ['Helm\'s chart with its nanny', CLIENT_SIDE],
  ['Helm\'s chart as the release prod', CLIENT_SIDE],
  ['Helm\'s chart with the certificate of a Secret', CLIENT_SIDE],
  ['Helm\'s chart with a certificate of its own', SERVER_SIDE],
  ['components.yaml', CLIENT_SIDE],
  ['components.yaml', SERVER_SIDE],
])('moving %s by kubectl %j', (name, apply) => {
  const file = join(DIRECTORY, 'ours.yaml');
  const givenFile = join(DIRECTORY, 'given.yaml');
  let origin: Origin;
  let theirs: readonly Manifest[];
  let ours: Program;
  let before: Manifest[];

  beforeAll(async () => {
    origin = await ORIGINS[name]();
    theirs = origin.objects;
    ours = await origin.program();
    writeFileSync(file, Yaml.stringify(...ours.objects));
    writeFileSync(givenFile, Yaml.stringify(...origin.given ?? []));
    if (origin.given) await cluster.kubectl.run('create', '-f', givenFile);
    await create(shell, origin);
    pods = new PodRunner(cluster, 'kube-system', origin.selector);
    await cluster.apiServiceAvailable('v1beta1.metrics.k8s.io');
    await cluster.metricsServed();
    before = await alive(cluster, theirs);
  }, 240_000);

  afterAll(async () => {
    await cluster.kubectl.run('delete', '-f', file, '--ignore-not-found', '--wait=false');
    if (origin.given) await cluster.kubectl.run('delete', '-f', givenFile);
    await eventually(async () => {
      const { items } = await cluster.kubectl.json('get', 'pods', '-n', 'kube-system', '-l', origin.selector);
      expect(items).toEqual([]);
    }, 60_000);
    await pods.stop();
  }, 120_000);

  test('goes through, and metrics stay readable', async () => {
    await Requests.succeedDuring(cluster.kubectl, async () => {
      await shell.run(...ours.before);
      await cluster.kubectl.run(...apply, '-f', file);
      await cluster.kubectl.run('rollout', 'status', `deployment/${deployment(ours.objects).metadata.name}`, '-n', 'kube-system', '--timeout=120s');
      await shell.run(...ours.after);
      await cluster.apiServiceAvailable('v1beta1.metrics.k8s.io');
      await cluster.metricsServed();
    }, origin.mayFail ? PROBE_PERIOD_MS : 0);
  }, 240_000);

  test('keeps the objects, and their pods run as ours say', async () => {
    const isRecreated = ({ kind }: Manifest) => ours.before.some((command) => command.startsWith(`kubectl delete ${kind.toLowerCase()} `));
    const kept = before.filter((object) => !isRecreated(object) && counterpart(object, ours.objects));
    const uids = (objects: readonly Manifest[]) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.uid}`).sort();
    expect(kept.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Service', 'ServiceAccount', 'APIService']));
    expect(uids(await alive(cluster, kept))).toEqual(uids(kept));

    const live = deployment(await alive(cluster, ours.objects)).spec;
    const { spec } = deployment(ours.objects);
    expect(live.selector).toEqual(spec.selector);
    expect(podOf(live)).toEqual(podOf(spec));
  });

  test('leaves nothing over, and a second apply changes nothing', async () => {
    const leftOver = await alive(cluster, theirs.filter((object) => !counterpart(object, ours.objects)));
    expect(leftOver.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
    expect(await shell.run('helm list -q -n kube-system')).toBe(origin.release ? `${origin.release}\n` : '');
    await shell.run(...ours.record);
    expect(await shell.run('helm list -q -n kube-system')).toBe('');
    const generation = deployment(await alive(cluster, ours.objects)).metadata.generation;
    await cluster.kubectl.run(...apply, '-f', file);
    expect(deployment(await alive(cluster, ours.objects)).metadata.generation).toBe(generation);
  });
});

test('without --force-conflicts a server-side apply over Helm\'s objects is refused, and so is Helm\'s over ours', async () => {
  const theirs = readManifests(`${HELM_CHART}/default.yaml`).filter(({ kind }) => kind === 'ClusterRole');
  await create(shell, { objects: theirs, release: 'metrics-server' }, '--server-side=true');
  const { objects } = await fromHelm('default', 'metrics-server');
  writeFileSync(shell.path('ours.yaml'), Yaml.stringify(...objects.filter(({ kind }) => kind === 'ClusterRole')));

  expect(await shell.try('kubectl apply --server-side -f ours.yaml')).toMatchObject({ code: 1, stderr: expect.stringContaining('conflict with "helm"') });
  await shell.run('kubectl apply --server-side --force-conflicts -f ours.yaml');
  expect(await shell.try('helm rollback metrics-server 1 -n kube-system')).toMatchObject({ code: 1, stderr: expect.stringContaining('conflict with "kubectl"') });
  await shell.run('helm rollback metrics-server 1 -n kube-system --force-conflicts');
  await shell.run('helm uninstall metrics-server -n kube-system');
  await shell.run('kubectl delete -f ours.yaml --ignore-not-found');
});

function counterpart({ kind, metadata }: Manifest, objects: readonly Manifest[]): Manifest | undefined {
  return objects.find((object) => object.kind === kind && object.metadata.name === metadata.name && object.metadata.namespace === metadata.namespace);
}
