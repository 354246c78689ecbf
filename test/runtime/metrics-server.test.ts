import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { RecordingLogger } from './cluster/fixtures';
import { freePort } from './main/runtime-process';
import { askHttp1 } from './server/client';
import { systemClock } from '../../src/runtime/clock';
import { clusterConfigs } from '../../src/runtime/cluster-configs';
import { Options, optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';
import { MetricsServer } from '../../src/runtime/metrics-server';
import { podObject } from '../simulated-cluster/cluster-objects';
import { GARBAGE, KubeletFault } from '../simulated-cluster/kubelet-fault';
import { Identity, issueCertificate } from '../simulated-cluster/pki';
import { SimulatedCluster, startSimulatedCluster } from '../simulated-cluster/simulated-cluster';

const MIB = 1024 * 1024;
const RETENTION_MS = 8_000;

/** What can be wrong with a kubelet, and what the one line about it says. */
const FAULTS: readonly [KubeletFault, RegExp][] = [
  [{ kind: 'refuse' }, /reason=refused /],
  [{ kind: 'hang' }, /reason=timeout .*no complete answer within 5000 ms/],
  [{ kind: 'trickle' }, /reason=timeout .*no complete answer within 5000 ms/],
  [{ kind: 'half-page' }, /reason=protocol .*connection closed early/],
  [GARBAGE, /reason=parse /],
  [{ kind: 'page', body: 'node_cpu_usage_seconds_total NaN\nnode_memory_working_set_bytes NaN\n' }, /reason=empty /],
  [{ kind: 'page', body: '' }, /reason=empty /],
  [{ kind: 'page', body: Buffer.alloc(100 * MIB, '# a page without end\n') }, /reason=too-large /],
  [{ kind: 'page', body: gzipSync(Buffer.alloc(100 * MIB)), headers: { 'content-encoding': 'gzip' } }, /reason=protocol .*compressed/],
  [{ kind: 'status', code: 401 }, /reason=unauthorized /],
  [{ kind: 'status', code: 403 }, /reason=forbidden /],
  [{ kind: 'status', code: 500 }, /reason=http-status /],
  [{ kind: 'certificate', problem: 'unknown-authority' }, /reason=x509-unknown-authority /],
  [{ kind: 'certificate', problem: 'wrong-name' }, /reason=x509-name-mismatch /],
  [{ kind: 'certificate', problem: 'expired' }, /reason=x509-expired /],
];

let cluster: SimulatedCluster;
let server: MetricsServer;
let logger: RecordingLogger;
let port: number;
let admin: Identity;

beforeAll(async () => {
  cluster = await startSimulatedCluster({ nodes: FAULTS.length + 2, pods: 60 });
  admin = await issueCertificate(cluster.ca, { commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  port = await freePort();
  logger = new RecordingLogger();
  const options = await fastOptions();
  const surroundings = { clock: systemClock, random: Math.random, env: process.env, loggers: () => logger };
  server = await MetricsServer.create(options, await clusterConfigs(options, systemClock), surroundings);
  await server.start();
  await eventually('ready', async () => (await askHttp1(port, '/readyz')).status === 200);
}, 30_000);

afterAll(async () => {
  await server.stop(0);
  await cluster.stop();
});

/** With shorter times than the command line allows, but for the timeout: all kubelets share this process with the runtime. */
async function fastOptions(): Promise<Options> {
  const options = optionsFrom(parseFlags([
    `--kubeconfig=${await cluster.kubeconfigPath('kubernetes-admin')}`, '--bind-address=127.0.0.1', `--secure-port=${port}`,
    `--cert-dir=${cluster.directory}/certificates`, '--kubelet-use-node-status-port', '--kubelet-preferred-address-types=InternalIP',
  ]));
  return {
    ...options,
    metricResolutionMs: 2_000,
    metricRetentionMs: RETENTION_MS,
    watchContainerStates: true,
    nodeEvents: true,
    kubelet: { ...options.kubelet, requestTimeoutMs: 5_000 },
  };
}

async function list(resource: 'nodes' | 'pods'): Promise<{ metadata: { name: string }; timestamp: string }[]> {
  const { status, body } = await askHttp1(port, `/apis/metrics.k8s.io/v1beta1/${resource}`, { identity: admin });
  expect(status).toBe(200);
  return JSON.parse(body).items;
}

/** When each node that is served was measured. */
async function measuredMs(): Promise<Map<string, number>> {
  return new Map((await list('nodes')).map(({ metadata, timestamp }) => [metadata.name, Date.parse(timestamp)]));
}

async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 60_000;
  while (!await condition()) {
    if (Date.now() > endMs) throw new Error(`never happened: ${what}; ${linesOf(what).join('; ') || 'no line about it'}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Until the condition holds for all nodes. */
async function all(nodes: readonly string[], condition: (node: string) => boolean | Promise<boolean>): Promise<void> {
  for (const node of nodes) await eventually(node, () => condition(node));
}

/** The oldest first. */
async function eventsOf(node: string): Promise<{ reason: string; eventTime: string }[]> {
  const { body } = await cluster.request('GET', '/apis/events.k8s.io/v1/namespaces/default/events');
  return body.items.filter(({ regarding }: { regarding: { name: string } }) => regarding.name === node)
    .sort((a: { eventTime: string }, b: { eventTime: string }) => a.eventTime < b.eventTime ? -1 : 1);
}

function linesOf(node: string): string[] {
  return logger.lines.filter((line) => line.includes(`node=${node} `));
}

test('kubelets that misbehave harm nobody else, give one line each, and are taken up again when they are mended', async () => {
  const nodes = cluster.kubelets.map(({ node }) => node.name);
  const bad = nodes.slice(0, FAULTS.length);
  const good = nodes.slice(FAULTS.length);
  await all(nodes, async (name) => (await measuredMs()).has(name));
  // On a busy machine a kubelet of this process may have been late to begin with.
  logger.lines.length = 0;

  await Promise.all(bad.map((name, index) => cluster.kubelet(name).setFault(FAULTS[index][0])));
  await all(bad, (name) => linesOf(name).length > 0);
  // Three more rounds.
  const soFar = new Map(good.map((name) => [name, cluster.kubelet(name).requests]));
  await all(good, (name) => cluster.kubelet(name).requests >= soFar.get(name)! + 3);
  for (const [index, name] of bad.entries()) {
    expect(linesOf(name)).toEqual([expect.stringMatching(/^W Failed to scrape node /)]);
    expect(linesOf(name)[0]).toMatch(FAULTS[index][1]);
    expect(linesOf(name)[0]).not.toMatch(/\n|    at /);
  }
  expect(good.flatMap(linesOf)).toEqual([]);
  expect([...(await measuredMs()).keys()]).toEqual(expect.arrayContaining(good));

  await Promise.all(bad.map((name) => cluster.kubelet(name).setFault()));
  const mendedMs = Date.now();
  await all(bad, async (name) => (await measuredMs()).get(name)! > mendedMs);
  // A request under way when the kubelet restarts may fail in another way.
  for (const name of bad) expect(linesOf(name).at(-1)).toMatch(/^I Scraping the node works again /);
  expect(logger.lines.filter((line) => line.includes('works again'))).toHaveLength(bad.length);
  await eventually('pods', async () => (await list('pods')).length === 60);
}, 180_000);

describe('/debug/nodes', () => {
  test('tells who may read it about each node, with the certificate that is refused', async () => {
    const [{ node: { name } }] = cluster.kubelets;
    await cluster.kubelet(name).setFault({ kind: 'certificate', problem: 'unknown-authority' });
    await all([name], () => linesOf(name).at(-1)?.includes('reason=x509-unknown-authority') ?? false);
    const { status, body } = await askHttp1(port, '/debug/nodes?output=json', { identity: admin });
    await cluster.kubelet(name).setFault();
    expect(status).toBe(200);
    const reports: { name: string }[] = JSON.parse(body).nodes;
    expect(reports).toHaveLength(cluster.kubelets.length);
    expect(reports.find((report) => report.name === name)).toMatchObject({
      state: 'x509-unknown-authority', ready: true, addresses: [{ certificateNames: expect.stringContaining(`DNS:${name}`) }],
    });
    await all([name], () => /works again .* failures=\d+ nodesFailing=/.test(linesOf(name).at(-1) ?? ''));
  });

  test('--node-events tells the same as Events of the node', async () => {
    const name = cluster.kubelets[1].node.name;
    await cluster.kubelet(name).setFault({ kind: 'status', code: 500 });
    await all([name], async () => (await eventsOf(name)).at(-1)?.reason === 'MetricsScrapeFailed');
    await cluster.kubelet(name).setFault();
    await all([name], async () => (await eventsOf(name)).at(-1)?.reason === 'MetricsScrapeRecovered');
  });

  test('is closed to others', async () => {
    expect((await askHttp1(port, '/debug/nodes')).status).toBe(403);
  });
});

test('--metric-retention: figures of a kubelet that is gone are served for that long', async () => {
  const { node: { name } } = cluster.kubelets.at(-1)!;
  await eventually(name, async () => (await measuredMs()).has(name));
  await cluster.kubelet(name).setFault({ kind: 'refuse' });
  const goneMs = Date.now();
  await eventually(name, async () => !(await measuredMs()).has(name));
  expect(Date.now() - goneMs).toBeGreaterThan(RETENTION_MS / 2);
  await cluster.kubelet(name).setFault();
  await eventually(name, async () => (await measuredMs()).has(name));
}, 60_000);

test('--watch-container-states: a container that runs without its kubelet knowing is listed, one that has ended is not', async () => {
  const { node } = cluster.kubelets.at(-1)!;
  const [pod] = node.pods;
  const names = pod.containers.map((container) => container.name).sort();
  const object = podObject(pod, node.name);
  const withGhost = (state: object) => {
    const running = names.map((name) => ({ name, state: { running: {} } }));
    const spec = { ...object.spec as object, restartPolicy: 'Never', containers: [...names, 'ghost'].map((name) => ({ name })) };
    cluster.apply({ ...object, spec, status: { phase: 'Running', containerStatuses: [...running, { name: 'ghost', state }] } });
  };
  const containers = async () => {
    const { body } = await askHttp1(port, `/apis/metrics.k8s.io/v1/namespaces/${pod.namespace}/pods/${pod.name}`, { identity: admin });
    return JSON.parse(body).containers?.map((container: any) => [container.name, Object.keys(container.usage).length]);
  };
  const listed = names.map((name) => [name, 3]);
  await eventually('figures', async () => isDeepStrictEqual(await containers(), listed));
  withGhost({ running: {} });
  await eventually('the container', async () => isDeepStrictEqual(await containers(), [...listed, ['ghost', 0]].sort()));
  withGhost({ terminated: { exitCode: 1 } });
  await eventually('its end', async () => isDeepStrictEqual(await containers(), listed));
}, 60_000);
