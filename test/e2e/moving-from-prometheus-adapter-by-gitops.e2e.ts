import { writeFileSync } from 'fs';
import { App, Chart, Yaml } from 'cdk8s';
import { ControlPlane } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { Kubectl } from './control-plane/kubectl';
import { GitOpsEngines } from './gitops-engines';
import { STEPS } from './prometheus-adapter-guide';
import { leftOf, METRICS_ADAPTER as NEW, PROMETHEUS_ADAPTER as OLD, prometheusAdapterObjects, servicesOfMetrics } from './prometheus-adapter-origin';
import { Shell } from './shell';
import { GitOps, MetricsAdapter, MetricSource } from '../../src';

const BEFORE = { 'v1beta1.custom.metrics.k8s.io': OLD, 'v1beta1.metrics.k8s.io': OLD };
const MOVED = { 'v1beta1.custom.metrics.k8s.io': NEW, 'v1beta1.metrics.k8s.io': OLD, 'v1beta2.custom.metrics.k8s.io': NEW };

let controlPlane: ControlPlane;
let kubectl: Kubectl;
let engines: GitOpsEngines;

beforeEach(async () => {
  controlPlane = await ControlPlane.start();
  kubectl = new Kubectl(controlPlane);
  engines = new GitOpsEngines(controlPlane);
  await eventually(() => kubectl.run('create', 'namespace', 'monitoring'));
}, 120_000);

afterEach(() => controlPlane?.stop());

/** The adapter's chart, and that of its APIServices where it has one of its own. Usage stays with prometheus-adapter. */
function adapter(gitOps?: (apiServices: Chart) => GitOps): { objects: any[]; apiServices: any[] } {
  const app = new App();
  const [main, apiServices] = [new Chart(app, 'adapter'), new Chart(app, 'api-services')];
  const metrics = new MetricsAdapter(main, 'metrics-adapter', {
    namespace: 'monitoring', externalMetrics: false, gitOps: gitOps?.(apiServices), sources: [MetricSource.prometheus({ url: 'http://prometheus.monitoring.svc:9090' })],
  });
  metrics.addPodsMetric('http_requests', { query: 'sum by (namespace, pod) (rate(http_requests_total[4m]))' });
  return { objects: main.toJson(), apiServices: apiServices.toJson() };
}

function manifest(file: string, objects: readonly object[]): string {
  writeFileSync(controlPlane.path(file), Yaml.stringify(...objects));
  return controlPlane.path(file);
}

async function isUnverified(name: string): Promise<boolean | undefined> {
  return (await kubectl.json('get', 'apiservice', name)).spec.insecureSkipTLSVerify;
}

const TRACKING = 'argocd.argoproj.io/tracking-id';

/** As Argo CD writes them, with the Application that they belong to. */
function of(application: string, objects: readonly any[], annotations = {}): object[] {
  return objects.map((object) => ({ ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations, [TRACKING]: `${application}:${object.metadata.name}` } } }));
}

/** Those of which Argo CD says in the cluster that they belong to it: these it prunes, and deletes with the Application. */
async function stillOf(application: string, file: string): Promise<object[]> {
  const { items } = await kubectl.json('get', '-f', file);
  return items.filter(({ metadata }: any) => metadata.annotations?.[TRACKING].startsWith(`${application}:`));
}

// Without sync waves, which wait for pods, and nobody runs any here: moving-by-argo-cd.e2e.ts has them.
test.each(['client-side', 'server-side'])('by Argo CD, applying %s: the new Application has the APIServices, and the end of the old one leaves them', async (apply) => {
  const theirs = manifest('theirs.yaml', prometheusAdapterObjects().flatMap((object) => (
    of('old', [object], object.kind === 'APIService' ? { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' } : {})
  )));
  expect(await engines.run('argo-cd', 'sync', apply, theirs)).toMatchObject({ phase: 'Succeeded' });
  expect(await servicesOfMetrics(kubectl)).toEqual(BEFORE);

  const ours = manifest('ours.yaml', of('new', adapter().objects));
  expect(await engines.run('argo-cd', 'sync', apply, ours)).toMatchObject({ phase: 'Succeeded' });
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
  expect(await isUnverified('v1beta1.custom.metrics.k8s.io')).toBeFalsy();

  const { phase, objects } = await engines.run('argo-cd', 'sync', apply, manifest('nothing.yaml', []), manifest('left.yaml', await stillOf('old', theirs)));
  const apiServices = objects.filter(({ object }: any) => object.startsWith('APIService/')).map(({ object, status }: any) => [object, status]);
  expect([phase, apiServices]).toEqual(['Succeeded', [['APIService/v1beta1.metrics.k8s.io', 'PruneSkipped']]]);
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
  // Argo CD deletes in the foreground: kube-controller-manager ends it.
  await eventually(async () => expect(await leftOf(kubectl, 'prometheus-adapter')).toEqual([]));
  expect(await engines.run('argo-cd', 'drift', 'three-way', ours)).toEqual([]);
}, 240_000);

test('by Flux: the second Kustomization takes the APIServices, and the commands of the guide leave them', async () => {
  await engines.run('flux', 'apply', manifest('theirs.yaml', prometheusAdapterObjects()));
  expect(await servicesOfMetrics(kubectl)).toEqual(BEFORE);

  const ours = adapter(GitOps.flux);
  await engines.run('flux', 'apply', manifest('adapter.yaml', ours.objects));
  expect(await servicesOfMetrics(kubectl)).toEqual(BEFORE);
  const apiServices = manifest('api-services.yaml', ours.apiServices);
  await engines.run('flux', 'apply', apiServices);
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
  expect(await isUnverified('v1beta1.custom.metrics.k8s.io')).toBeFalsy();

  // Flux prunes nothing of a Kustomization that was suspended.
  await new Shell(controlPlane).run(...STEPS.CLEAN_UP);
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
  expect(await leftOf(kubectl, 'prometheus-adapter')).toEqual(['clusterrole.rbac.authorization.k8s.io/system:aggregated-metrics-reader']);
  expect(await engines.run('flux', 'drift', apiServices)).toEqual([]);
}, 240_000);
