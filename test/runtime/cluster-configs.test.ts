import { TempDir } from './cluster/temp-dir';
import { ManualClock } from './manual-clock';
import { clusterConfigs } from '../../src/runtime/cluster-configs';
import { optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';

const { KUBERNETES_SERVICE_HOST: podHost } = process.env;

let dir: TempDir;

beforeEach(() => {
  dir = new TempDir();
  delete process.env.KUBERNETES_SERVICE_HOST;
});

afterEach(() => {
  dir.remove();
  if (podHost !== undefined) process.env.KUBERNETES_SERVICE_HOST = podHost;
});

function kubeconfig(server: string): string {
  return dir.write(new URL(server).hostname, JSON.stringify({
    'current-context': 'test', 'clusters': [{ name: 'test', cluster: { server } }], 'contexts': [{ name: 'test', context: { cluster: 'test' } }],
  }));
}

/** Whom the runtime asks: for the cluster, its own objects, authentication and authorization. Outside a pod, as tests run. */
async function servers(...flags: readonly string[]): Promise<string[]> {
  const { cluster, own, authentication, authorization } = await clusterConfigs(optionsFrom(parseFlags(flags)), new ManualClock());
  return [cluster, own, authentication, authorization].map(({ server }) => server.hostname);
}

test('--kubeconfig serves for all outside a pod, over the same connections', async () => {
  const flags = [`--kubeconfig=${kubeconfig('https://main')}`];
  expect(await servers(...flags)).toEqual(['main', 'main', 'main', 'main']);
  const { cluster, own, authentication, authorization } = await clusterConfigs(optionsFrom(parseFlags(flags)), new ManualClock());
  expect(own).toBe(cluster);
  expect(authentication).toBe(cluster);
  expect(authorization).toBe(cluster);
});

test('--authentication-kubeconfig and --authorization-kubeconfig serve for their part', async () => {
  const main = `--kubeconfig=${kubeconfig('https://main')}`;
  expect(await servers(main, `--authentication-kubeconfig=${kubeconfig('https://authn')}`)).toEqual(['main', 'main', 'authn', 'main']);
  expect(await servers(main, `--authorization-kubeconfig=${kubeconfig('https://authz')}`)).toEqual(['main', 'main', 'main', 'authz']);
});

test('without a kubeconfig and without a pod there is no cluster', async () => {
  await expect(servers()).rejects.toThrow('not running in a cluster');
});

test('a kubeconfig that cannot be read is never replaced by another identity', async () => {
  const main = `--kubeconfig=${kubeconfig('https://main')}`;
  await expect(servers(main, '--authentication-kubeconfig=/nowhere')).rejects.toThrow('kubeconfig /nowhere: cannot be read');
  await expect(servers(main, '--authorization-kubeconfig=/nowhere')).rejects.toThrow('kubeconfig /nowhere: cannot be read');
});
