import { freePort } from './main/runtime-process';
import { askHttp1 } from './server/client';
import { systemClock } from '../../src/runtime/clock';
import { clusterConfigs } from '../../src/runtime/cluster-configs';
import { optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';
import { MetricsServer } from '../../src/runtime/metrics-server';
import { silentLogger } from '../../src/runtime/telemetry/logger';
import { Identity, issueCertificate } from '../simulated-cluster/pki';
import { SimulatedCluster, startSimulatedCluster } from '../simulated-cluster/simulated-cluster';

let cluster: SimulatedCluster;
let admin: Identity;
const servers: { port: number; server: MetricsServer }[] = [];

beforeAll(async () => {
  cluster = await startSimulatedCluster({ nodes: 2, pods: 12 });
  admin = await issueCertificate(cluster.ca, { commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  for (const flags of [[], ['--upstream-compatible']]) {
    const port = await freePort();
    const options = optionsFrom(parseFlags([
      `--kubeconfig=${await cluster.kubeconfigPath('kubernetes-admin')}`, '--bind-address=127.0.0.1', `--secure-port=${port}`,
      `--cert-dir=${cluster.directory}/certificates`, '--kubelet-use-node-status-port', '--kubelet-preferred-address-types=InternalIP', ...flags,
    ]));
    const server = await MetricsServer.create({ ...options, metricResolutionMs: 2_000 }, await clusterConfigs(options, systemClock), {
      clock: systemClock, random: Math.random, env: process.env, loggers: () => silentLogger,
    });
    await server.start();
    servers.push({ port, server });
  }
  for (const [index] of servers.entries()) {
    // Nodes and pods are measured at times of their own.
    while ((await list(index, 'nodes')).items?.length !== 2 || (await list(index, 'pods')).items?.length !== 12) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}, 60_000);

afterAll(async () => {
  await Promise.all(servers.map(({ server }) => server.stop(0)));
  await cluster?.stop();
});

function ask(port: number, path: string) {
  return askHttp1(port, `/apis/metrics.k8s.io/v1beta1/${path}`, { identity: admin });
}

async function list(index: number, path: string): Promise<any> {
  return JSON.parse((await ask(servers[index].port, path)).body);
}

/** Of all containers. */
const resources = ({ items }: any) => new Set(items.flatMap(({ containers }: any) => containers.flatMap(({ usage }: any) => Object.keys(usage))));

describe('without --upstream-compatible more is answered than metrics-server answers', () => {
  test('lists in parts, pods by node, and swap', async () => {
    const part = await list(0, 'pods?limit=5');
    expect(part.items).toHaveLength(5);
    expect(part.metadata.remainingItemCount).toBe(7);
    expect((await list(0, `pods?continue=${part.metadata.continue}`)).items).toHaveLength(7);
    const { node } = cluster.kubelets[0];
    const { items } = await list(0, `pods?fieldSelector=spec.nodeName%3D${node.name}`);
    expect(items.map(({ metadata }: any) => metadata.name).sort()).toEqual(node.pods.map(({ name }) => name).sort());
    expect(resources(part)).toEqual(new Set(['cpu', 'memory', 'swap']));
    expect((await list(0, 'nodes')).items[0].usage).toHaveProperty('swap');
  });
});

describe('--upstream-compatible', () => {
  test('answers lists whole, knows no field of pods but name and namespace, and no swap', async () => {
    const whole = await list(1, 'pods?limit=5&continue=nonsense');
    expect(whole.items).toHaveLength(12);
    expect(whole.metadata).toEqual({});
    expect(await list(1, 'pods?fieldSelector=spec.nodeName%3Dnode-1')).toMatchObject({
      code: 400, message: '"spec.nodeName" is not a known field selector: only "metadata.name", "metadata.namespace"',
    });
    expect(resources(whole)).toEqual(new Set(['cpu', 'memory']));
    expect(Object.keys((await list(1, 'nodes')).items[0].usage)).toEqual(['cpu', 'memory']);
  });
});
