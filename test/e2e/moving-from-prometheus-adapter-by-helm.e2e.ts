import { readFileSync } from 'fs';
import { guideBlocks } from './commands';
import { Kubectl } from './control-plane/kubectl';
import { writeHelmChart } from './helm-chart';
import { prometheusAdapterChart } from './prometheus-adapter-chart';
import { GuidedMove, STEPS } from './prometheus-adapter-guide';
import { leftOf, METRICS_ADAPTER as NEW, PROMETHEUS_ADAPTER as OLD, servicesOfMetrics, unverifiedApiService } from './prometheus-adapter-origin';
import { withApiServices } from '../cli/from-prometheus-adapter/meaning';
import { Manifest } from '../golden/compare-manifests';

const BEFORE = { 'v1beta1.custom.metrics.k8s.io': OLD };
const MOVED = { 'v1beta1.custom.metrics.k8s.io': NEW, 'v1beta2.custom.metrics.k8s.io': NEW };

/** Where a release keeps its configuration, as the guide says. */
const PRINT = STEPS.PRINT.map((command) => command.replace('adapter-config', 'prometheus-adapter'));
const [, ROLLBACK] = /`(helm rollback prometheus-adapter [^`]+)`/.exec(readFileSync('docs/migrate-from-prometheus-adapter.md', 'utf8'))!;

let move: GuidedMove;
let kubectl: Kubectl;

beforeEach(async () => {
  move = await GuidedMove.start();
  kubectl = move.kubectl;
}, 120_000);

afterEach(() => move?.stop());

/** The new adapter has the APIServices. */
async function moved(): Promise<void> {
  await move.print(PRINT);
  await move.follow(STEPS.APPLY);
  expect(await servicesOfMetrics(kubectl)).toEqual(BEFORE);
  move.edit(withApiServices);
  await move.follow(STEPS.APPLY_AGAIN);
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
}

function releases(): Promise<string> {
  return move.shell.run('helm list -q -n monitoring');
}

// By the client, Helm writes of an APIService only what differs between two revisions of the release.
describe.each([
  ['--server-side=false', '', { code: 0 }],
  ['--server-side=true', ' --force-conflicts', { code: 1, stderr: expect.stringContaining('may not be true if caBundle is present') }],
])('a release that was installed with %s', (serverSide, force, leavesApiServices) => {
  test('is deleted but for its APIServices, and comes back by a rollback until Helm forgets it', async () => {
    writeHelmChart(move.shell.path('chart'), { name: 'prometheus-adapter', appVersion: 'v0.12.0', objects: prometheusAdapterChart('prometheus-adapter') });
    await move.shell.run(`helm install prometheus-adapter ./chart -n monitoring ${serverSide}`);
    await moved();

    const [cleanUp, cleanUpKubeSystem, listed, forget, ...more] = STEPS.CLEAN_UP_RELEASE;
    expect(more).toEqual([]);
    await move.follow([cleanUp, cleanUpKubeSystem]);
    expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
    expect(await leftOf(kubectl, OLD.name)).toEqual([]);
    expect(await move.shell.run(listed)).toBe('apiservice.apiregistration.k8s.io/v1beta1.custom.metrics.k8s.io\n');

    await move.playCaBundles();
    // Of the APIServices that the guide names, this release has one.
    const [rollback, ...rest] = STEPS.BACK.map((command) => command.startsWith('kubectl apply ') ? ROLLBACK + force : command.replace(/ v1(beta1)?\.metrics\.k8s\.io/, ''));
    expect(await move.shell.try(rollback)).toMatchObject(leavesApiServices);
    expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
    await move.follow(rest);
    expect(await servicesOfMetrics(kubectl)).toEqual(BEFORE);

    await move.follow([...STEPS.APPLY_AGAIN, cleanUp, cleanUpKubeSystem, forget]);
    expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
    expect(await leftOf(kubectl, OLD.name)).toEqual([]);
    expect(await releases()).toBe('');
  }, 240_000);

  test('as a dependency of another chart, it leaves the APIServices when that is upgraded without it', async () => {
    const objects = prometheusAdapterChart('prometheus-adapter');
    writeHelmChart(move.shell.path('platform'), { name: 'platform', appVersion: '1', objects: [], dependencies: [{ name: 'prometheus-adapter', appVersion: 'v0.12.0', objects }] });
    await move.shell.run(`helm install platform ./platform -n monitoring ${serverSide}`);
    await moved();
    await move.follow(STEPS.DEPENDENCY);
    expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
    expect(await leftOf(kubectl, OLD.name)).toEqual([]);
    expect(await releases()).toBe('platform\n');
  }, 240_000);
});

test('with cert-manager, its injector is told to leave the APIServices alone', async () => {
  writeHelmChart(move.shell.path('chart'), { name: 'prometheus-adapter', appVersion: 'v0.12.0', objects: prometheusAdapterChart('prometheus-adapter', { certManager: true }) });
  await move.shell.run('helm install prometheus-adapter ./chart -n monitoring');
  const annotations = async () => (await kubectl.json('get', 'apiservice', 'v1beta1.custom.metrics.k8s.io')).metadata.annotations;
  expect(Object.keys(await annotations()).filter((name) => name.endsWith('inject-ca-from'))).toHaveLength(2);
  await move.follow(STEPS.KEEP_CA);
  expect(Object.keys(await annotations()).filter((name) => name.endsWith('inject-ca-from'))).toEqual([]);
  await moved();
}, 240_000);

test('KEDA\'s release leaves the APIService of external metrics when it has none any longer', async () => {
  const keda = { name: 'keda-operator-metrics-apiserver', namespace: 'keda' };
  const chart = { name: 'keda', appVersion: '2.20.2', objects: [unverifiedApiService('external.metrics.k8s.io', keda) as Manifest] };
  writeHelmChart(move.shell.path('chart'), chart);
  await move.shell.run('helm install keda ./chart -n keda --create-namespace');
  const [commands] = guideBlocks('docs/other-adapters.md', '## KEDA');
  await move.follow(commands);
  writeHelmChart(move.shell.path('chart'), { ...chart, objects: [] });
  await move.shell.run('helm upgrade keda ./chart -n keda');
  expect(await servicesOfMetrics(kubectl)).toEqual({ 'v1beta1.external.metrics.k8s.io': keda });
}, 240_000);

test('helm uninstall would delete them by their names, wherever they lead', async () => {
  writeHelmChart(move.shell.path('chart'), { name: 'prometheus-adapter', appVersion: 'v0.12.0', objects: prometheusAdapterChart('prometheus-adapter') });
  await move.shell.run('helm install prometheus-adapter ./chart -n monitoring');
  await moved();
  await move.shell.run('kubectl annotate apiservice v1beta1.custom.metrics.k8s.io helm.sh/resource-policy=keep');
  await move.shell.run('helm uninstall prometheus-adapter -n monitoring');
  expect(await servicesOfMetrics(kubectl)).toEqual({ 'v1beta2.custom.metrics.k8s.io': NEW });
}, 240_000);
