import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ControlPlane } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { Kubectl } from './control-plane/kubectl';
import { goModule } from './go-module';
import { chartOf } from '../cli/from-helm/read-program';
import { runCli } from '../cli/run-cli';

const MANIFESTS = join(goModule('sigs.k8s.io/prometheus-adapter'), 'deploy/manifests');
const [PRINT, APPLY, CLEAN_UP] = [...readFileSync('docs/migrate-from-prometheus-adapter.md', 'utf8').matchAll(/^```sh\n([^`]+)```$/gm)]
  .map(([, commands]) => commands.trim().split('\n'));

let controlPlane: ControlPlane;
let kubectl: Kubectl;

beforeAll(async () => {
  controlPlane = await ControlPlane.start({ controllers: false });
  kubectl = new Kubectl(controlPlane);
  await eventually(() => kubectl.run('create', 'namespace', 'monitoring'));
  await kubectl.run('apply', '-f', MANIFESTS);
}, 120_000);

afterAll(() => controlPlane?.stop());

test('the commands of the guide move prometheus-adapter as its own manifests have it, and leave nothing of it behind', async () => {
  const config = controlPlane.path('config.yaml');
  const [get, print] = PRINT;
  writeFileSync(config, await run(get));
  const { code, errors, written } = runCli(print.replace('npx cdk8s-metrics-server ', '').replace('config.yaml', config).split(' '));
  expect({ code, errors }).toEqual({ code: 0, errors: [] });

  writeFileSync(controlPlane.path('objects.json'), JSON.stringify({
    apiVersion: 'v1', kind: 'List', items: chartOf(written.get('metrics-adapter.ts')!, 'MetricsAdapterChart').toJson(),
  }));
  // No node runs pods here, for whose rollout to wait.
  expect(APPLY.map((command) => command.split(' ').slice(0, 3).join(' '))).toEqual(['kubectl apply -f', 'kubectl rollout status']);
  await run(APPLY[0].replace('dist/', controlPlane.path('objects.json')));
  expect(await serviceOf('v1beta1.metrics.k8s.io')).toEqual({ name: 'metrics-adapter', namespace: 'monitoring' });

  for (const command of CLEAN_UP) await run(command);
  expect(await serviceOf('v1beta1.metrics.k8s.io')).toEqual({ name: 'metrics-adapter', namespace: 'monitoring' });
  const kinds = 'deployment,service,serviceaccount,configmap,poddisruptionbudget,networkpolicy,clusterrole,clusterrolebinding,rolebinding';
  const left = await kubectl.run('get', kinds, '-A', '-l', 'app.kubernetes.io/name=prometheus-adapter', '-o', 'name');
  expect(left.trim()).toBe('clusterrole.rbac.authorization.k8s.io/system:aggregated-metrics-reader');
});

async function serviceOf(apiService: string): Promise<unknown> {
  const { spec: { service: { name, namespace } } } = await controlPlane.request<any>('GET', `/apis/apiregistration.k8s.io/v1/apiservices/${apiService}`);
  return { name, namespace };
}

/** A command as a shell would run it. */
function run(command: string): Promise<string> {
  const [, ...args] = command.replace(/ > .*$/, '').replaceAll('\'', '').split(' ');
  return kubectl.run(...args);
}
