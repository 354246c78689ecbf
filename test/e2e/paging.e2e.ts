import { request } from 'http';
import { synthesize } from './charts';
import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { PodRunner } from './pod-runner';

const PODS = '/apis/metrics.k8s.io/v1beta1/pods';
/** Events are read from etcd: a cache of kube-apiserver may know what etcd has forgotten. */
const OWN_LIST = '/api/v1/events';

/** More than kubectl asks for at once. */
const COUNT = 520;

let cluster: Cluster;
let replicas: PodRunner;

/** Two replicas: kube-apiserver asks now the one, now the other. */
beforeAll(async () => {
  cluster = await Cluster.start({ pods: COUNT });
  await cluster.kubectl.run('apply', '-f', synthesize('paging', () => ({ replicas: 2 })).server);
  replicas = new PodRunner(cluster, 'kube-system', 'k8s-app=metrics-server');
  await cluster.kubectl.run('rollout', 'status', 'deployment/metrics-server', '-n', 'kube-system', '--timeout=120s');
  await eventually(async () => {
    for (let turn = 0; turn < 8; turn++) expect(await cluster.metrics('pods')).toHaveLength(COUNT);
  });
}, 180_000);

afterAll(async () => {
  await replicas?.stop();
  await cluster?.stop();
});

/** What is refused, as kube-apiserver says it of a list of its own and as we say it through it. */
async function refusals(query: string): Promise<[own: any, ours: any]> {
  const [own, ours] = await Promise.all([OWN_LIST, PODS].map((path) => cluster.controlPlane.request('GET', `${path}?${query}`).then(
    () => { throw new Error(`${path}?${query} is answered`); },
    ({ message }: Error) => JSON.parse(message.slice(message.indexOf('{'))),
  )));
  return [own, ours];
}

/** Asks for part after part, and after each 410 for what that says goes on. */
async function readInParts(limit: number): Promise<{ readonly names: readonly string[]; readonly expired: number }> {
  const names: string[] = [];
  let [expired, position] = [0, ''];
  // At worst each part but the first is asked for twice.
  for (let asked = 0; asked < 2 * Math.ceil(COUNT / limit); asked++) {
    const path = `${PODS}?limit=${limit}&continue=${position}`;
    const { items = [], metadata } = await cluster.controlPlane.request('GET', path).catch(({ message }: Error) => JSON.parse(message.slice(message.indexOf('{'))));
    names.push(...items.map(({ metadata: { namespace, name } }: any) => `${namespace}/${name}`));
    if (items.length === 0) expired++;
    if (metadata.continue === undefined) return { names, expired };
    position = metadata.continue;
  }
  throw new Error(`${names.length} of ${COUNT} after ${expired} times 410`);
}

function token(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('what kube-apiserver refuses of its own lists, we refuse in its words', () => {
  const v = 'meta.k8s.io/v1';

  test.each([
    ['no base64', 'continue=a%25'],
    ['padded', 'continue=YQ%3D%3D'],
    ['cut off', 'continue=YWJjZ'],
    ['another version', `continue=${token({ v: 'meta.k8s.io/v2', rv: 1, start: 'a' })}`],
    ['no version', `continue=${token({ rv: 1, start: 'a' })}`],
    ['no revision', `continue=${token({ v, start: 'a' })}`],
    ['no key', `continue=${token({ v, rv: 1 })}`],
    ['a key that leads elsewhere', `continue=${token({ v, rv: 1, start: '../secrets' })}`],
    ['with a resource version', `resourceVersion=5&continue=${token({ v, rv: 1, start: 'a\0' })}`],
    ['with a match', `resourceVersionMatch=Exact&resourceVersion=5&continue=${token({ v, rv: 1, start: 'a\0' })}`],
  ])('%s', async (_, query) => {
    const [own, ours] = await refusals(query);
    expect(ours).toEqual(own);
  });

  test('no JSON, with words of our own', async () => {
    const [own, ours] = await refusals(`continue=${Buffer.from('abc').toString('base64url')}`);
    expect({ ...ours, message: '' }).toEqual({ ...own, message: '' });
  });

  test('what is gone, with a token that goes on', async () => {
    const after = Buffer.from(JSON.stringify({ v, rv: 7, start: 'kube-system/a\0' })).toString('base64url');
    await compact();
    await eventually(async () => {
      const [own, ours] = await refusals(`limit=2&continue=${after}`);
      expect(ours).toEqual(own);
      expect(ours.code).toBe(410);
      for (const path of [OWN_LIST, PODS]) {
        const { items } = await cluster.controlPlane.request('GET', `${path}?limit=2&continue=${ours.metadata.continue}`);
        items.forEach(({ metadata }: any) => expect(`${metadata.namespace}/${metadata.name}` > 'kube-system/a').toBe(true));
      }
    });
  });
});

describe('with two replicas', () => {
  test('`kubectl get` lists everything, whoever answers', async () => {
    for (let turn = 0; turn < 6; turn++) {
      expect((await cluster.kubectl.run('get', 'podmetrics', '-A', '--no-headers')).trim().split('\n')).toHaveLength(COUNT);
    }
  });

  test('with smaller parts it lists everything, or says that they expired', async () => {
    const { stdout, stderr } = await cluster.kubectl.try('get', 'podmetrics', '-A', '--no-headers', '--chunk-size=200');
    expect([stdout.trim().split('\n').length, stderr.slice(0, 34)]).toEqual(
      stderr === '' ? [COUNT, ''] : [expect.any(Number), 'Error from server (Expired): The p']);
  });

  test('who goes on as a 410 says comes to the end, and has everything once', async () => {
    const all = (await cluster.metrics('pods')).map(({ metadata: { namespace, name } }: any) => `${namespace}/${name}`);
    let expired = 0;
    for (let turn = 0; turn < 6; turn++) {
      const read = await readInParts(60);
      expect(read.names).toEqual(all);
      expired += read.expired;
    }
    expect(expired).toBeGreaterThan(0);
  });
});

/** etcd forgets what was. */
async function compact(): Promise<void> {
  const { metadata } = await cluster.controlPlane.request('GET', OWN_LIST);
  const body = JSON.stringify({ revision: metadata.resourceVersion, physical: true });
  await new Promise<void>((resolve, reject) => {
    request('http://127.0.0.1:2379/v3/kv/compaction', { method: 'POST' }, (response) => {
      response.resume().on('end', () => response.statusCode === 200 ? resolve() : reject(new Error(`etcd: ${response.statusCode}`)));
    }).on('error', reject).end(body);
  });
}
