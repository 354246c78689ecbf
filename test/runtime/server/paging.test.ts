import * as fc from 'fast-check';
import { protobufFields } from './encoding/protobuf-fields';
import { fakeMetricsApi, RecordedItem } from './fake-metrics-api';
import { GroupVersion } from '../../../src/runtime/server/group-version';
import { parseListOptions } from '../../../src/runtime/server/list-options';
import { Paging } from '../../../src/runtime/server/paging';
import { parseRequestInfo, splitUrl } from '../../../src/runtime/server/request-info';
import { replyToResource } from '../../../src/runtime/server/resource-endpoint';
import { StatusError } from '../../../src/runtime/server/status';
import { ManualClock } from '../manual-clock';

const root = '/apis/metrics.k8s.io/v1beta1';
const EXPIRED = 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the '
  + 'continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were '
  + 'created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

let clock: ManualClock;
let paging: Paging;
let pods: string[];

beforeEach(() => {
  clock = new ManualClock();
  paging = new Paging({ clock, random: Math.random });
  pods = ['data/redis-0', 'data/redis-1', 'shop/cart', 'shop/web-1', 'shop/web-2'];
});

function api(): GroupVersion {
  return fakeMetricsApi('v1beta1', {
    handle: ({ info }) => ({
      kind: 'PodMetricsList',
      items: pods.filter((pod) => pod.startsWith(info.namespace)).map((pod) => {
        const [namespace, name] = pod.split('/');
        return new RecordedItem({ metadata: { name, namespace } }, [name]);
      }),
      columns: [{ name: 'Name', type: 'string', format: 'name', description: '' }],
    }),
  });
}

async function answer(path: string, accept = 'application/json', served: Paging | undefined = paging): Promise<Buffer> {
  const url = `${root}/${path}`;
  const request = { info: parseRequestInfo('GET', url), query: splitUrl(url).query, user: { name: 'jane', groups: [] }, signal: new AbortController().signal };
  const { body } = await replyToResource(api(), 'GET', request, { accept, pretty: false }, { paging: served });
  return Buffer.concat([...body].map((piece) => Buffer.from(piece)));
}

async function list(path: string, ...more: [accept?: string, served?: Paging | undefined]): Promise<any> {
  return JSON.parse((await answer(path, ...more)).toString());
}

const names = ({ items }: any) => items.map(({ metadata }: any) => `${metadata.namespace}/${metadata.name}`);
const next = ({ metadata }: any) => `continue=${metadata.continue}`;

test('a list comes in parts, each of which says how much is left', async () => {
  const first = await list('pods?limit=2');
  expect(names(first)).toEqual(['data/redis-0', 'data/redis-1']);
  expect(first.metadata).toEqual({ continue: expect.any(String), remainingItemCount: 3 });
  const second = await list(`pods?limit=2&${next(first)}`);
  expect(names(second)).toEqual(['shop/cart', 'shop/web-1']);
  expect(second.metadata.remainingItemCount).toBe(1);
  const last = await list(`pods?limit=2&${next(second)}`);
  expect(names(last)).toEqual(['shop/web-2']);
  expect(last.metadata).toEqual({});
});

test('a part may be asked for again, and the rest without a limit', async () => {
  const first = await list('pods?limit=2');
  expect(names(await list(`pods?${next(first)}`))).toEqual(pods.slice(2));
  expect(names(await list(`pods?limit=1&${next(first)}`))).toEqual(['shop/cart']);
});

test.each(['', '?limit=0', '?limit=-1', '?limit=5', '?limit=6'])('pods%s is a whole list like any other', async (query) => {
  const whole = await list(`pods${query}`);
  expect(names(whole)).toEqual(pods);
  expect(whole.metadata).toEqual({});
  expect(clock.pending).toBe(0);
});

test('all parts together are the list at the moment of the first, whatever the limits and whatever happens meanwhile', async () => {
  const name = fc.stringMatching(/^[a-c][-.a-c]{0,2}\/[a-c][-.a-c]{0,2}$/);
  const anyLimits = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 });
  await fc.assert(fc.asyncProperty(fc.uniqueArray(name, { maxLength: 20 }), anyLimits, async (all, limits) => {
    const key = (pod: string) => pod.replace('/', '\0');
    const began = [...all].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    pods = began;
    const read: string[] = [];
    let position = '';
    for (let index = 0; index === 0 || position !== ''; index++) {
      const some = await list(`pods?limit=${limits[index % limits.length]}&${position}`);
      read.push(...names(some));
      position = some.metadata.continue === undefined ? '' : next(some);
      pods = pods.slice(1);
    }
    expect(read).toEqual(began);
  }));
});

test('from a limit of 500 on, which clients ask for without being told to, a list is whole', async () => {
  pods = Array.from({ length: 1100 }, (_, index) => `shop/${1000 + index}`);
  for (const limit of [500, 501, 2 ** 40]) {
    const whole = await list(`pods?limit=${limit}`);
    expect(names(whole)).toEqual(pods);
    expect(whole.metadata).toEqual({});
  }
  expect(clock.pending).toBe(0);
  const first = await list('pods?limit=499');
  expect(first.metadata.remainingItemCount).toBe(601);
  expect(names(await list(`pods?limit=500&${next(first)}`))).toEqual(pods.slice(499));
});

test('what is left is not counted where a selector leaves out', async () => {
  for (const selector of ['labelSelector=app', 'fieldSelector=metadata.name!=x']) {
    expect((await list(`pods?limit=2&${selector}`)).metadata).toEqual({ continue: expect.any(String) });
  }
});

test('Table, PartialObjectMetadataList and protobuf come in parts too', async () => {
  const metadata = { continue: expect.any(String), remainingItemCount: 4 };
  const table = await list('pods?limit=1', 'application/json;as=Table;v=v1;g=meta.k8s.io');
  expect(table).toMatchObject({ kind: 'Table', metadata, rows: [{ cells: ['redis-0'] }] });
  expect(await list(`pods?limit=1&${next(table)}`, 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'))
    .toMatchObject({ kind: 'PartialObjectMetadataList', metadata: { remainingItemCount: 3 }, items: [{ metadata: { name: 'redis-1' } }] });
  const protobuf = await answer('pods?limit=1', 'application/vnd.kubernetes.protobuf');
  const message = protobufFields(protobuf.subarray(4)).find(([field]) => field === 2)![1] as Buffer;
  const [[, listMeta], ...items] = protobufFields(message);
  expect(items).toHaveLength(1);
  const [selfLink, resourceVersion, token, remaining] = protobufFields(listMeta as Buffer);
  expect([selfLink, resourceVersion, remaining].map(([field, value]) => [field, Buffer.isBuffer(value) ? value.toString() : value])).toEqual([[1, ''], [2, ''], [4, 4]]);
  expect(names(await list(`pods?limit=1&continue=${String(token[1])}`))).toEqual(['data/redis-1']);
});

describe('a token whose snapshot is not there', () => {
  const expired = { code: 410, reason: 'Expired', message: EXPIRED, metadata: { continue: expect.any(String) } };

  test('because it is too old: 410 with a token that goes on in what there is now', async () => {
    const first = await list('pods?limit=2');
    clock.advance(5 * 60_000);
    pods = ['data/redis-0', 'shop/api', ...pods.slice(2)];
    const error = await list(`pods?limit=2&${next(first)}`).catch((thrown) => thrown);
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      kind: 'Status', apiVersion: 'v1', metadata: { continue: expect.any(String) }, status: 'Failure', message: EXPIRED, reason: 'Expired', code: 410,
    });
    const second = await list(`pods?limit=2&${next(error)}`);
    expect(names(second)).toEqual(['shop/api', 'shop/cart']);
    expect(second.metadata.remainingItemCount).toBe(2);
    expect(names(await list(`pods?${next(second)}`))).toEqual(['shop/web-1', 'shop/web-2']);
  });

  test('because another replica gave it', async () => {
    const first = await list('pods?limit=2', undefined, new Paging({ clock, random: Math.random }));
    await expect(list(`pods?limit=2&${next(first)}`)).rejects.toMatchObject(expired);
  });

  test.each(['namespaces/shop/pods?', 'pods?labelSelector=app&', 'pods?fieldSelector=metadata.name%3Dcart&', 'nodes?'])('because it is of another list: %s', async (other) => {
    const first = await list('pods?limit=2');
    await expect(list(`${other}${next(first)}`)).rejects.toMatchObject(expired);
  });
});

test('a token that cannot be read, or beside a resource version, is refused with 400', async () => {
  await expect(list('pods?continue=%25')).rejects.toMatchObject({
    code: 400, message: 'invalid continue token: continue key is not valid: illegal base64 data at input byte 0',
  });
  const first = await list('pods?limit=2');
  await expect(list(`pods?resourceVersion=1&${next(first)}`)).rejects.toMatchObject({
    code: 400, message: 'specifying resource version is not allowed when using continue',
  });
  expect(names(await list(`pods?resourceVersion=0&${next(first)}`))).toHaveLength(3);
});

test('what is wrong with the selectors is said before what is wrong with the token', async () => {
  const refuse = () => { throw StatusError.badRequest('no such field'); };
  for (const query of ['continue=%25', `continue=${next(await list('pods?limit=2')).slice(9)}`]) {
    const options = parseListOptions(new URLSearchParams(query));
    await expect(paging.answer({ text: 'pods', options, signal: new AbortController().signal }, refuse)).rejects.toThrow('no such field');
  }
});

test('without paging limit and continue are read and have no effect', async () => {
  const url = `${root}/pods?limit=2&continue=%25`;
  const request = { info: parseRequestInfo('GET', url), query: splitUrl(url).query, user: { name: 'jane', groups: [] }, signal: new AbortController().signal };
  const { body } = await replyToResource(api(), 'GET', request, { accept: 'application/json', pretty: false });
  expect(names(JSON.parse([...body].join('')))).toEqual(pods);
});

test('one list at a time is read in full, whoever asks, and one that fails holds up nobody', async () => {
  let reading = 0;
  const ask = (fails: boolean) => paging.answer({ text: 'pods', options: parseListOptions(new URLSearchParams('limit=1')), signal: new AbortController().signal }, () => ({
    kind: 'PodMetricsList',
    items: (function* () {
      expect(++reading).toBe(1);
      for (let index = 0; index < 2500; index++) yield new RecordedItem({ metadata: { name: `${index}` } });
      reading--;
      if (fails) throw new Error('no more');
    })(),
  }));
  const answers = await Promise.allSettled([ask(false), ask(true), ask(false)]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('a list is not read for a client that goes while it waits for others', async () => {
  const options = parseListOptions(new URLSearchParams('limit=1'));
  const gone = new AbortController();
  let read = 0;
  const ask = (signal: AbortSignal) => paging.answer({ text: 'pods', options, signal }, () => ({
    kind: 'PodMetricsList',
    items: (function* () {
      read++;
      for (let index = 0; index < 2500; index++) yield new RecordedItem({ metadata: { name: `${index}` } });
    })(),
  }));
  const [first, second] = [ask(new AbortController().signal), ask(gone.signal)];
  gone.abort(new Error('the client is gone'));
  await expect(second).rejects.toThrow('the client is gone');
  await first;
  expect(read).toBe(1);
});

test('nothing is kept after its end', async () => {
  await list('pods?limit=2');
  expect(clock.pending).toBe(1);
  paging.close();
  expect(clock.pending).toBe(0);
});
