import { request } from 'http';
import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';

const PODS = '/apis/metrics.k8s.io/v1beta1/pods';
/** Events are read from etcd: a cache of kube-apiserver may know what etcd has forgotten. */
const OWN_LIST = '/api/v1/events';

let cluster: Cluster;

/** With one runtime, so that parts come from where the first came from. */
beforeAll(async () => {
  cluster = await Cluster.start({ controllers: false });
  await cluster.apply();
  await cluster.startRuntime();
  await cluster.metricsServed();
});

afterAll(() => cluster?.stop());

/** What is refused, as kube-apiserver says it of a list of its own and as we say it through it. */
async function refusals(query: string): Promise<[own: any, ours: any]> {
  const [own, ours] = await Promise.all([OWN_LIST, PODS].map((path) => cluster.controlPlane.request('GET', `${path}?${query}`).then(
    () => { throw new Error(`${path}?${query} is answered`); },
    ({ message }: Error) => JSON.parse(message.slice(message.indexOf('{'))),
  )));
  return [own, ours];
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
