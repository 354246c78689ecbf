import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Yaml } from 'cdk8s';
import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { GitOpsEngines } from './gitops-engines';
import { companion, DIRECTORY, fromHelm, HELM_CHART, Program, released } from './moving-programs';
import { PodRunner } from './pod-runner';
import { PROBE_PERIOD_MS, Requests } from './requests';
import { Shell } from './shell';
import { GitOps, MetricsServer } from '../../src';
import { Manifest, readManifests } from '../golden/compare-manifests';


const UNDER_ARGO_CD = ['--git-ops', 'argo-cd'];

interface Origin {
  readonly objects: readonly Manifest[];
  readonly selector: string;
  readonly program: () => Promise<Program>;
}

const chart = (values: string, release = 'metrics-server') => readManifests(`${HELM_CHART}/${values}.yaml`)
  .map((object) => release === 'metrics-server' ? object : released(object, release));

const ORIGINS: Record<string, Origin> = {
  'Helm\'s chart, with its image': {
    objects: chart('default', 'prod'),
    selector: 'app.kubernetes.io/name=metrics-server',
    program: () => fromHelm('default', 'prod', { args: UNDER_ARGO_CD }),
  },
  'Helm\'s chart with its nanny': {
    objects: chart('nanny'), selector: 'app.kubernetes.io/name=metrics-server', program: () => fromHelm('nanny', 'metrics-server', { args: UNDER_ARGO_CD }),
  },
  'Helm\'s chart, to the companion image': {
    objects: chart('default'),
    selector: 'app.kubernetes.io/name=metrics-server',
    program: () => fromHelm('default', 'metrics-server', { args: UNDER_ARGO_CD, edit: companion }),
  },
  'components.yaml': {
    objects: readManifests('upstream/metrics-server-v0.9.0/components.yaml'),
    selector: 'k8s-app=metrics-server',
    program: async () => {
      const ours = new Chart(new App(), 'ours');
      new MetricsServer(ours, 'metrics-server', { gitOps: GitOps.argoCd() });
      return { objects: ours.toJson(), before: [], after: [], record: [] };
    },
  },
};

let cluster: Cluster;
let engines: GitOpsEngines;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  engines = new GitOpsEngines(cluster.controlPlane);
});

afterAll(async () => {
  await cluster?.stop();
  rmSync(DIRECTORY, { recursive: true, force: true });
});

describe.each([
  ['Helm\'s chart, with its image', 'client-side'],
  ['Helm\'s chart with its nanny', 'client-side'],
  ['Helm\'s chart, to the companion image', 'client-side'],
  ['Helm\'s chart, to the companion image', 'server-side'],
  ['components.yaml', 'client-side'],
  ['components.yaml', 'server-side'],
])('moving %s under Argo CD, applying %s', (name, apply) => {
  const { objects, selector, program } = ORIGINS[name];
  const theirs = join(DIRECTORY, 'theirs-by-argo-cd.yaml');
  const file = join(DIRECTORY, 'ours-by-argo-cd.yaml');
  let ours: Program;
  let pods: PodRunner;

  beforeAll(async () => {
    ours = await program();
    writeFileSync(file, Yaml.stringify(...ours.objects));
    writeFileSync(theirs, Yaml.stringify(...objects));
    pods = new PodRunner(cluster, 'kube-system', selector);
    expect(await engines.run('argo-cd', 'sync', apply, theirs)).toMatchObject({ phase: 'Succeeded' });
    await cluster.metricsServed();
  }, 240_000);

  afterAll(async () => {
    await cluster.kubectl.run('delete', '-f', file, '-f', theirs, '--ignore-not-found', '--wait=false');
    await eventually(async () => {
      expect((await cluster.kubectl.json('get', 'pods', '-n', 'kube-system', '-l', selector)).items).toEqual([]);
    }, 60_000);
    await pods.stop();
  }, 120_000);

  test('goes through in one sync, and metrics stay readable', async () => {
    await Requests.succeedDuring(cluster.kubectl, async () => {
      await new Shell(cluster.controlPlane).run(...ours.before);
      const { phase, message } = await engines.run('argo-cd', 'move', apply, file, theirs);
      expect([phase, message]).toEqual(['Succeeded', expect.any(String)]);
      await cluster.apiServiceAvailable('v1beta1.metrics.k8s.io');
      await cluster.metricsServed();
    }, PROBE_PERIOD_MS);
  }, 240_000);

  test('prunes what is left over, and sees no drift', async () => {
    const isOurs = ({ kind, metadata }: Manifest) => ours.objects.some((object) =>
      object.kind === kind && object.metadata.name === metadata.name && object.metadata.namespace === metadata.namespace);
    for (const { kind, metadata } of objects.filter((object) => !isOurs(object))) {
      const left = await cluster.kubectl.run('get', kind, metadata.name, '-n', metadata.namespace ?? 'default', '--ignore-not-found', '-o', 'name');
      expect(left).toBe('');
    }
    expect(await engines.run('argo-cd', 'drift', 'three-way', file)).toEqual([]);
  });
});
