import { mkdirSync, writeFileSync } from 'fs';
import { Kubectl } from './control-plane/kubectl';
import { GuidedMove, STEPS } from './prometheus-adapter-guide';
import { leftOf, METRICS_ADAPTER as NEW, PROMETHEUS_ADAPTER as OLD, prometheusAdapterObjects, servicesOfMetrics, unverifiedApiService } from './prometheus-adapter-origin';
import { withApiServices } from '../cli/from-prometheus-adapter/meaning';

const KEDA = { name: 'keda-operator-metrics-apiserver', namespace: 'keda' };

let move: GuidedMove;
let kubectl: Kubectl;
let program: string;

/** prometheus-adapter's own manifests, with custom metrics beside usage, and KEDA beside it. */
beforeAll(async () => {
  move = await GuidedMove.start();
  kubectl = move.kubectl;
  mkdirSync(move.shell.path('prometheus-adapter'));
  writeObjects('prometheus-adapter/all.json', prometheusAdapterObjects());
  writeObjects('keda.json', [unverifiedApiService('external.metrics.k8s.io', KEDA)]);
  await move.shell.run('kubectl apply -f prometheus-adapter/ -f keda.json');
}, 120_000);

afterAll(() => move?.stop());

test('the program of the guide takes no API group before its adapter runs', async () => {
  program = await move.print(STEPS.PRINT);
  const before = await servicesOfMetrics(kubectl);
  await move.follow(STEPS.APPLY);
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
  move.edit(withApiServices);
  await move.follow(STEPS.APPLY_AGAIN);
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
});

test('what is deleted then leaves nothing of prometheus-adapter behind', async () => {
  await move.follow(STEPS.CLEAN_UP);
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);
  expect(await leftOf(kubectl, 'prometheus-adapter')).toEqual(['clusterrole.rbac.authorization.k8s.io/system:aggregated-metrics-reader']);
});

test('the way back: prometheus-adapter runs before the API groups lead to it, and nothing of the chart is left', async () => {
  await move.playCaBundles();
  const [apply, ...rest] = STEPS.BACK;
  const { code, stderr } = await move.shell.try(apply);
  expect(code).toBe(1);
  expect(stderr.match(/may not be true if caBundle is present/g)).toHaveLength(2);
  expect(await servicesOfMetrics(kubectl)).toEqual(MOVED);

  await move.follow(rest);
  move.edit(() => program);
  await move.follow(STEPS.DELETE);
  expect(await servicesOfMetrics(kubectl)).toEqual({ 'v1beta1.custom.metrics.k8s.io': OLD, 'v1beta1.external.metrics.k8s.io': KEDA, 'v1beta1.metrics.k8s.io': OLD });
  const { items } = await kubectl.json('get', 'apiservices', 'v1beta1.custom.metrics.k8s.io', 'v1beta1.metrics.k8s.io');
  expect(items.map(({ spec: { insecureSkipTLSVerify, caBundle } }: any) => ({ insecureSkipTLSVerify, caBundle }))).toEqual([
    { insecureSkipTLSVerify: true }, { insecureSkipTLSVerify: true },
  ]);
  expect(await leftOf(kubectl, 'metrics-adapter')).toEqual([]);
});

function writeObjects(file: string, items: object[]): void {
  writeFileSync(move.shell.path(file), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}
