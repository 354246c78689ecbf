import { Socket } from 'net';
import { ApiClient } from '../../../src/runtime/cluster/api-client';
import { Reflector, WireObject } from '../../../src/runtime/cluster/reflector';
import { ManualClock } from '../manual-clock';
import { FakeApiServer, isList, status, until } from './fake-api-server';
import { configFor, RecordingLogger } from './fixtures';

/** What the handler was told, and what it therefore holds. */
class Mirror {
  readonly calls: string[] = [];
  readonly names = new Set<string>();

  replace(items: readonly string[], resourceVersion: string): void {
    this.calls.push(`replace ${items.length} @${resourceVersion}`);
    this.names.clear();
    items.forEach((name) => this.names.add(name));
  }

  apply(name: string): void {
    this.calls.push(`apply ${name}`);
    this.names.add(name);
  }

  remove(name: string): void {
    this.calls.push(`remove ${name}`);
    this.names.delete(name);
  }
}

let server: FakeApiServer;
let client: ApiClient;
let clock: ManualClock;
let logger: RecordingLogger;
let mirror: Mirror;
let failures: string[];
let recoveries: number;
let reflector: Reflector<string>;

beforeEach(async () => {
  server = new FakeApiServer();
  clock = new ManualClock();
  logger = new RecordingLogger();
  mirror = new Mirror();
  failures = [];
  recoveries = 0;
  client = new ApiClient({ config: configFor(await server.listen()), userAgent: 'test', clock });
  reflector = new Reflector<string, WireObject>({
    client,
    path: '/api/v1/things',
    query: { fieldSelector: 'status.phase=Running' },
    decode: ({ metadata }) => metadata!.name!,
    handler: mirror,
    name: 'things',
    clock,
    random: () => 0,
    logger,
    onFailure: (error) => failures.push(error.message),
    onRecovered: () => recoveries++,
  });
});

afterEach(async () => {
  reflector.stop();
  client.close();
  await server.close();
});

/** Starts, and waits for the first list and its watch. */
async function follow(): Promise<void> {
  reflector.start();
  await until(() => server.watching === 1);
}

/** Waits until the reflector waits so long to try again, and lets that time pass. */
async function retryAfter(ms: number): Promise<void> {
  await until(() => clock.nextInMs === ms);
  const { length } = server.requests;
  clock.advance(ms - 1);
  expect(server.requests).toHaveLength(length);
  clock.advance(1);
  await until(() => server.requests.length > length);
}

const isWatch = (url: URL) => url.searchParams.has('watch');

describe('a reflector of a server without initial events', () => {
  test('lists, then watches from there, with bookmarks and a limited time', async () => {
    server.set('a');
    server.set('b');
    await follow();
    expect(mirror.calls).toEqual(['replace 2 @102']);
    expect(Object.fromEntries(server.watches()[0].searchParams)).toEqual({
      fieldSelector: 'status.phase=Running', watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '102', timeoutSeconds: '300',
    });
  });

  test('passes changes on in their order', async () => {
    await follow();
    server.set('a');
    server.set('a');
    server.set('b');
    server.delete('a');
    await until(() => mirror.calls.length === 5);
    expect(mirror.calls.slice(1)).toEqual(['apply a', 'apply a', 'apply b', 'remove a']);
  });

  test('reads a long list in pages and hands it over whole', async () => {
    for (let i = 0; i < 1_200; i++) server.set(`thing-${i}`);
    await follow();
    expect(server.lists().map(({ searchParams }) => [searchParams.get('limit'), searchParams.get('continue')]))
      .toEqual([['500', null], ['500', '500'], ['500', '1000']]);
    expect(mirror.calls).toEqual(['replace 1200 @1300']);
  });

  test('takes a whole list from a server that ignores the limit', async () => {
    server.ignoresLimit = true;
    for (let i = 0; i < 1_200; i++) server.set(`thing-${i}`);
    await follow();
    expect(mirror.calls).toEqual(['replace 1200 @1300']);
  });

  test('is synced once the first list is complete, not before', async () => {
    for (let i = 0; i < 600; i++) server.set(`thing-${i}`);
    server.next('hang', (url) => url.searchParams.has('continue'));
    reflector.start();
    await until(() => server.requests.length === 3);
    expect(reflector.synced).toBe(false);
    expect(mirror.calls).toEqual([]);
    clock.advance(30_000);
    await retryAfter(800);
    await until(() => server.watching === 1);
    expect(reflector.synced).toBe(true);
    expect(mirror.names.size).toBe(600);
  });

  test('resumes a watch that the server ended, without a list and at once', async () => {
    await follow();
    server.set('a');
    await until(() => mirror.names.has('a'));
    server.endWatches();
    server.set('b');
    await until(() => mirror.names.has('b'));
    expect(server.lists()).toHaveLength(1);
    expect(server.watches()[1].searchParams.get('resourceVersion')).toBe('101');
  });

  test('resumes from the last bookmark', async () => {
    await follow();
    const version = server.bookmark();
    server.endWatches();
    await until(() => server.watches().length === 2);
    expect(server.watches()[1].searchParams.get('resourceVersion')).toBe(String(version));
    expect(mirror.calls).toHaveLength(1);
  });

  test('survives a connection cut in the middle of an event, which then arrives whole', async () => {
    await follow();
    server.set('a');
    server.sendText('{"type":"ADDED","object":{"metadata":{"na');
    await until(() => mirror.names.has('a'));
    server.breakWatches();
    server.set('b');
    await retryAfter(800);
    await until(() => mirror.names.has('b'));
    expect(server.lists()).toHaveLength(1);
    expect(logger.lines).toEqual([]);
  });

  test('reads events whose bytes arrive one by one', async () => {
    await follow();
    server.send({ type: 'ADDED', object: { metadata: { name: 'größe-😀', resourceVersion: '200' } } }, (text) => [...text].map((byte) => Buffer.of(byte)));
    await until(() => mirror.names.size === 1);
    expect([...mirror.names]).toEqual(['größe-😀']);
  });

  test('lists again when the server has forgotten the place (410), and drops what is gone', async () => {
    server.set('a');
    await follow();
    server.breakWatches();
    server.delete('a');
    server.set('b');
    server.compact();
    await retryAfter(800);
    expect(mirror.names).toEqual(new Set(['a']));
    await retryAfter(1_600);
    await until(() => server.watching === 1);
    expect(mirror.names).toEqual(new Set(['b']));
    expect(server.lists()).toHaveLength(2);
    expect(logger.lines).toEqual([]);
  });

  test.each([
    [410, 'lists again', 2],
    [500, 'lists again, for the thread of changes may be broken', 2],
    [429, 'resumes where it was', 1],
  ])('after an ERROR event with code %d %s', async (code, _, lists) => {
    await follow();
    server.send({ type: 'ERROR', object: status(code, '', 'sorry') });
    await retryAfter(800);
    await until(() => server.watching === 1);
    expect(server.lists()).toHaveLength(lists);
  });

  test('waits as long as a busy server asks (429)', async () => {
    server.next({ code: 429, headers: { 'Retry-After': '7' }, body: status(429, 'TooManyRequests', 'try again later') });
    reflector.start();
    await retryAfter(7_000);
    await until(() => server.watching === 1);
  });

  test('backs off up to half a minute, and starts small again after a success', async () => {
    for (let i = 0; i < 8; i++) server.next({ code: 429, body: status(429, 'TooManyRequests', 'try again later') });
    reflector.start();
    for (const ms of [800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]) await retryAfter(ms);
    await until(() => server.watching === 1);
    server.set('a');
    await until(() => mirror.names.has('a'));
    server.breakWatches();
    await retryAfter(800);
    await until(() => server.watching === 1);
  });

  test('does not hammer a server that ends each watch at once', async () => {
    reflector.start();
    for (const ms of [800, 1_600, 3_200]) {
      await until(() => server.watching === 1);
      server.endWatches();
      await retryAfter(ms);
    }
  });

  test('reports a failure once, again when its reason changes, and when it is over', async () => {
    const forbidden = status(403, 'Forbidden', 'things is forbidden: User "x" cannot list resource "things"');
    for (let i = 0; i < 3; i++) server.next({ code: 403, body: forbidden }, isList);
    server.next({ code: 404, body: status(404, 'NotFound', 'the server could not find the requested resource') }, isList);
    reflector.start();
    for (const ms of [800, 1_600, 3_200, 6_400]) await retryAfter(ms);
    await until(() => server.watching === 1);
    await until(() => recoveries === 1);
    expect(failures).toEqual([forbidden.message, 'the server could not find the requested resource']);
    expect(logger.lines).toEqual([
      `W Cannot follow things, retrying reason=${forbidden.message}`,
      'W Cannot follow things, retrying reason=the server could not find the requested resource',
      'I Following things again',
    ]);
  });

  test('keeps what it has while the server is away', async () => {
    server.set('a');
    await follow();
    server.next({ code: 503, body: 'no backend' }, isWatch);
    server.next({ code: 503, body: 'no backend' }, isWatch);
    server.breakWatches();
    for (const ms of [800, 1_600, 3_200]) await retryAfter(ms);
    expect(mirror.calls).toEqual(['replace 1 @101']);
    expect(failures).toEqual(['the API server answered with code 503: no backend']);
  });

  test('gives up a watch on which nothing arrives any more, not even bookmarks, with its connection', async () => {
    await follow();
    await until(() => clock.nextInMs === 75_000);
    clock.advance(74_000);
    server.bookmark();
    await until(() => clock.nextInMs === 75_000);
    clock.advance(74_999);
    expect(server.watching).toBe(1);
    clock.advance(1);
    await until(() => server.watching === 0);
    await retryAfter(800);
    await until(() => server.watching === 1);
    expect(server.lists()).toHaveLength(1);
  });

  test('resumes a watch of a server that sends no bookmarks as fast each time, and says nothing of it', async () => {
    await follow();
    for (let time = 1; time <= 4; time++) {
      await until(() => clock.nextInMs === 75_000);
      clock.advance(75_000);
      await retryAfter(800);
    }
    server.set('a');
    await until(() => mirror.names.has('a'));
    expect([server.lists().length, server.watches().length]).toEqual([1, 5]);
    expect(logger.lines).toEqual([]);
  });

  test('gives up a watch that is never answered, with its connection, and says so until one is', async () => {
    await follow();
    await until(() => clock.nextInMs === 75_000);
    const connections: Socket[] = [];
    server.onRequest = ({ socket }) => connections.push(socket);
    for (let time = 1; time <= 3; time++) server.next('hang', isWatch);
    server.breakWatches();
    for (let time = 1; time <= 3; time++) {
      await retryAfter(800);
      clock.advance(19_999);
      expect(connections.at(-1)!.destroyed).toBe(false);
      clock.advance(1);
      await until(() => connections.at(-1)!.destroyed);
    }
    server.set('a');
    await retryAfter(800);
    await until(() => mirror.names.has('a'));
    expect(new Set(connections).size).toBe(4);
    expect(failures).toEqual([expect.stringMatching(/: nothing arrived on \/api\/v1\/things for 20 s$/)]);
    expect(logger.lines).toEqual([`W Cannot follow things, retrying reason=${failures[0]}`, 'I Following things again']);
  });

  test('ends what is in flight when stopped', async () => {
    await follow();
    reflector.stop();
    await until(() => server.watching === 0);
    await until(() => clock.pending === 0);
    expect(mirror.calls).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  test('stops while it waits to try again', async () => {
    server.next({ code: 500, body: status(500, 'InternalError', 'no') }, isList);
    reflector.start();
    await until(() => clock.pending === 1 && failures.length === 1);
    reflector.stop();
    expect(clock.pending).toBe(0);
  });
});

describe('a reflector', () => {
  beforeEach(() => { server.initialEvents = 'sent'; });

  test('watches from the beginning: all there is arrives first, and is handed over whole', async () => {
    server.set('a');
    server.set('b');
    await follow();
    await until(() => reflector.synced);
    server.set('c');
    await until(() => mirror.names.has('c'));
    expect(mirror.calls).toEqual(['replace 2 @102', 'apply c']);
    expect(server.requests.map(({ url }) => url.search)).toEqual([
      '?fieldSelector=status.phase%3DRunning&watch=true&allowWatchBookmarks=true&timeoutSeconds=300&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
    ]);
  });

  test('is synced once the bookmark after it has come, and has then seen what changed meanwhile', async () => {
    server.initialEvents = 'nothing';
    await follow();
    const added = (name: string) => ({ type: 'ADDED', object: { metadata: { name, resourceVersion: '7' } } });
    for (const event of [added('a'), added('b'), { ...added('a'), type: 'DELETED' }, added('c'), { ...added('b'), type: 'MODIFIED' }]) server.send(event);
    server.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '8' } } });
    server.send(added('d'));
    await until(() => clock.nextInMs === 20_000);
    expect([reflector.synced, mirror.calls]).toEqual([false, []]);
    server.send(server.endOfInitialEvents());
    await until(() => reflector.synced);
    expect(mirror.calls).toEqual(['replace 2 @100', 'remove a', 'apply c', 'apply b', 'apply d']);
    server.endWatches();
    await until(() => server.watches().length === 2);
    expect(server.watches()[1].searchParams.get('resourceVersion')).toBe('100');
  });

  test.each([403, 501, 503])('lists where such a watch is answered %d', async (code) => {
    server.set('a');
    server.next({ code, body: status(code, '', 'no such watch') });
    await follow();
    expect(mirror.calls).toEqual(['replace 1 @101']);
    expect(logger.lines).toEqual([]);
  });

  test.each([
    ['is silent for 20 s', () => clock.advance(20_000)],
    ['ends before its bookmark', () => server.endWatches()],
    ['goes on with changes and never comes to its bookmark', () => {
      server.sendText(`${JSON.stringify({ type: 'MODIFIED', object: { metadata: { name: 'a', resourceVersion: '7' } } })}\n`.repeat(10_001));
    }],
  ])('lists where such a watch %s', async (_, disappoint) => {
    server.set('a');
    server.initialEvents = 'nothing';
    await follow();
    disappoint();
    await until(() => server.watches().length === 2);
    expect(mirror.calls).toEqual(['replace 1 @101']);
    expect(logger.lines).toEqual([]);
  });

  test('is synced within 31 s of the return of an API server that hung when it started, however long', async () => {
    server.set('a');
    const asked = 6;
    for (let time = 1; time <= asked; time++) server.next('hang');
    reflector.start();
    for (let requests = 1; requests < asked; requests += 2) {
      await until(() => server.requests.length === requests);
      clock.advance(20_000);
      await until(() => server.requests.length === requests + 1);
      // Here the API server returns at last, and knows nothing of what it was asked before.
      clock.advance(30_000);
      await until(() => clock.nextInMs === 800);
      clock.advance(800);
    }
    await until(() => reflector.synced);
    expect(mirror.calls).toEqual(['replace 1 @101']);
    expect(logger.lines).toEqual([expect.stringMatching(/^W Cannot follow things, retrying reason=.*: no answer to GET \/api\/v1\/things in 30 s$/), 'I Following things again']);
  });

  test('begins again as it began when a busy server asks to wait (429)', async () => {
    server.next({ code: 429, body: status(429, '', 'not now') });
    reflector.start();
    await retryAfter(800);
    await until(() => reflector.synced);
    expect(server.lists()).toEqual([]);
    expect(failures).toEqual(['not now']);
  });

  test('begins again when the server has forgotten the place (410)', async () => {
    server.set('a');
    await follow();
    await until(() => reflector.synced);
    server.breakWatches();
    server.delete('a');
    server.set('b');
    server.compact();
    await retryAfter(800);
    await retryAfter(1_600);
    await until(() => mirror.calls.length === 2);
    expect(mirror.names).toEqual(new Set(['b']));
    expect(server.lists()).toEqual([]);
    expect(logger.lines).toEqual([]);
  });
});
