import { ControlPlane } from './control-plane/control-plane';
import { Fleet } from './fleet';
import { StartCommand } from '../start/start-command';

let controlPlane: ControlPlane;
let fleet: Fleet;

beforeAll(async () => {
  controlPlane = await ControlPlane.start();
  fleet = await Fleet.start(controlPlane, { nodes: 2, pods: 5 });
});
afterAll(async () => {
  await fleet?.stop();
  await controlPlane?.stop();
});

test('npm start -- --kubeconfig shows a real cluster and writes nothing there', async () => {
  const before = await written();
  const command = new StartCommand('--once', '--kubeconfig', controlPlane.kubeconfig('admin'));
  expect([await command.exitCode, command.stderr]).toEqual([0, expect.stringContaining('[4/4]')]);
  expect(command.table('NAME ').map(firstCell)).toEqual(['node-1', 'node-2']);
  expect(command.table('NAMESPACE')).toHaveLength(5);
  expect(await command.leftovers()).toEqual([]);
  expect(await written()).toEqual(before);
  await command.dispose();
});

test('npm start -- --kubeconfig says in one line each what the identity may not do', async () => {
  const command = new StartCommand('--once', '--kubeconfig', controlPlane.kubeconfig('nobody'));
  expect(await command.exitCode).toBe(1);
  expect(command.stderr.match(/this identity may not .*/g)).toEqual(
    ['list nodes', 'watch nodes', 'list pods', 'watch pods', 'get nodes/metrics'].map((right) => `this identity may not ${right}`));
  await command.dispose();
});

/** What the runtime writes when it may: Secrets, caBundles, Events. */
async function written(): Promise<string[]> {
  const paths = ['/api/v1/secrets', '/api/v1/events', '/apis/apiregistration.k8s.io/v1/apiservices'];
  const lists = await Promise.all(paths.map((path) => controlPlane.request('GET', path)));
  return lists.flatMap(({ kind, items }) => items.map(({ metadata }: any) => `${kind} ${metadata.name} ${metadata.resourceVersion}`));
}

function firstCell(line: string): string {
  return line.split(' ')[0];
}
