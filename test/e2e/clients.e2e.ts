import { execFile } from 'child_process';
import { join } from 'path';
import { promisify } from 'util';
import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';

const SCRIPTED_CLIENTS = process.env.SCRIPTED_CLIENTS!;

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.apply();
  await cluster.startRuntime();
  await cluster.metricsServed();
});

afterAll(() => cluster?.stop());

describe('client-go, which accepts nothing but protobuf', () => {
  test('reads what others read in JSON', () => agreeing(async () => {
    const read = await runClient(process.env.METRICS_CLIENT!, []);
    expect(read.nodes.map(timeless)).toEqual((await cluster.metrics('nodes')).map(timeless));
    expect(read.pods.map(timeless)).toEqual((await cluster.metrics('pods')).map(timeless));
    expect(timeless(read.node)).toEqual(timeless(read.nodes[0]));
    expect(read.missing).toBe('pods "nowhere" not found');
  }));
});

describe('Metrics of @kubernetes/client-node', () => {
  test('reads nodes, pods, and what topNodes adds up', () => agreeing(async () => {
    const read = await runClient(join(SCRIPTED_CLIENTS, 'node'), [client('client.cjs')]);
    expect(read.nodes.map(timeless)).toEqual((await cluster.metrics('nodes')).map(timeless));
    const pods = (await cluster.metrics('pods')).map(timeless);
    expect(read.pods.map(timeless)).toEqual(pods);
    expect(read.shop.map(timeless)).toEqual(pods.filter(({ metadata }) => metadata.namespace === 'shop'));
    expect(read.top.sort()).toEqual(cluster.fleet.nodes.map(({ name }) => name));
  }));
});

describe('the Python client', () => {
  test('reads nodes and pods: all, those of a node, and some at a time', () => agreeing(async () => {
    const read = await runClient(join(SCRIPTED_CLIENTS, 'python/bin/python'), [client('client.py')]);
    const nodes = (await cluster.metrics('nodes')).map(timeless);
    expect(read.nodes.map(timeless)).toEqual(nodes);
    expect(timeless(read.node)).toMatchObject(nodes[0]);
    const pods = (await cluster.metrics('pods')).map(timeless);
    expect(read.pods.map(timeless)).toEqual(pods);
    expect(read.onNode.map(({ metadata }: any) => metadata.name).sort()).toEqual(cluster.fleet.nodes[0].pods.map(({ name }) => name).sort());
    expect(read.parts.map(({ length }: any[]) => length)).toEqual([5, 5, 2]);
    expect(read.parts.flat().map(timeless)).toEqual(pods);
    expect(read.malformed).toEqual({ code: 400, reason: 'BadRequest' });
  }));
});

function client(file: string): string {
  return join(__dirname, 'scripted-clients', file);
}

/** What a program that is given a kubeconfig prints. */
async function runClient(command: string, args: readonly string[]): Promise<any> {
  const env = { ...process.env, NODE_PATH: join(SCRIPTED_CLIENTS, 'node_modules'), NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(command, [...args, cluster.controlPlane.kubeconfig('admin')], { env, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

/** Again when kubelets were scraped in between. */
function agreeing(test: () => Promise<void>): Promise<void> {
  return eventually(test, 30_000, 1000);
}

/** Without the time at which the answer was made. */
function timeless({ metadata: { creationTimestamp: _now, ...metadata }, ...object }: any): any {
  return { metadata, ...object };
}
