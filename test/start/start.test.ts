import { StartCommand } from './start-command';
import { SimulatedCluster, startSimulatedCluster } from '../simulated-cluster/simulated-cluster';

jest.setTimeout(120_000);

const commands: StartCommand[] = [];
afterEach(async () => { await Promise.all(commands.splice(0).map((command) => command.dispose())); });

function start(...args: string[]): StartCommand {
  const command = new StartCommand(...args);
  commands.push(command);
  return command;
}

test('--once shows every node and pod of the simulated cluster and leaves nothing behind', async () => {
  const command = start('--once', '--nodes', '4', '--pods', '9');
  expect([await command.exitCode, command.stderr]).toEqual([0, expect.stringContaining('[4/4]')]);
  expect(command.table('NAME ')).toHaveLength(4);
  command.table('NAME ').forEach((line) => expect(line).toMatch(/^node-[1-4] +[1-9]\d*m +\d+% +[1-9]\d*Mi +\d+% +$/));
  expect(command.table('NAMESPACE')).toHaveLength(9);
  command.table('NAMESPACE').forEach((line) => expect(line).toMatch(/^(shop|data|kube-system) +\S+ +[1-9]\d*m +[1-9]\d*Mi +$/));
  expect(command.stderr).toContain('--metric-resolution=15s');
  expect(command.stderr).toContain('--self-managed-cert-secret=');
  expect(await command.leftovers()).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it, and nothing is left behind', async (signal) => {
  const command = start();
  await command.said('[4/4]');
  command.signal(signal);
  expect(await command.exitCode).toBe(0);
  expect(await command.leftovers()).toEqual([]);
});

test('an unknown option is one line and exit code 2, help is exit code 0', async () => {
  const wrong = start('--node', '3');
  expect([await wrong.exitCode, wrong.stderr]).toEqual([2, "npm start: Unknown option '--node'. See npm start -- --help\n"]);
  const help = start('--help');
  expect([await help.exitCode, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('--kubeconfig PATH');
});

describe('--kubeconfig', () => {
  let cluster: SimulatedCluster;
  beforeAll(async () => { cluster = await startSimulatedCluster({ nodes: 2, pods: 5 }); });
  afterAll(async () => cluster.stop());

  test('shows that cluster, reached with a client certificate, and writes nothing there', async () => {
    const revision = cluster.store.revision;
    const command = start('--once', '--kubeconfig', await cluster.kubeconfigPath('kubernetes-admin', 'certificate'));
    expect([await command.exitCode, command.stderr]).toEqual([0, expect.stringContaining('[4/4]')]);
    expect(command.table('NAME ')).toHaveLength(2);
    expect(command.table('NAMESPACE')).toHaveLength(5);
    expect(cluster.store.revision).toBe(revision);
    expect(await command.leftovers()).toEqual([]);
  });

  test('says in one line each what its identity may not do', async () => {
    const command = start('--once', '--kubeconfig', await cluster.kubeconfigPath('jane'));
    expect(await command.exitCode).toBe(1);
    expect(command.stderr.split('\n').slice(-7)).toEqual([
      'npm start: the runtime cannot work with this kubeconfig',
      '  this identity may not list nodes',
      '  this identity may not watch nodes',
      '  this identity may not list pods',
      '  this identity may not watch pods',
      '  this identity may not get nodes/metrics',
      '',
    ]);
  });

  test('an unreadable file is one line', async () => {
    const command = start('--kubeconfig', '/nowhere/config');
    expect(await command.exitCode).toBe(2);
    expect(command.stderr.trim().split('\n').at(-1)).toMatch(/^npm start: .*\/nowhere\/config/);
  });
});
