import { EventEmitter, once } from 'node:events';
import { ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { Agent, get } from 'node:https';
import { Socket } from 'node:net';
import { connect } from 'node:tls';
import { Answer, askHttp1 } from './client';
import { fakeMetricsApi } from './fake-metrics-api';
import { createTestPki, TestServer } from './test-server';
import { ConnectionRoom } from '../../../src/runtime/server/connection-room';
import { ApiResult } from '../../../src/runtime/server/group-version';
import { FRONT_PROXY } from '../../../src/runtime/server/owner';
import { eventually } from '../../e2e/control-plane/eventually';

class FakeSocket extends EventEmitter {
  destroyed = false;

  constructor(readonly name: string) {
    super();
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const socket = (name: string) => new FakeSocket(name) as unknown as Socket & FakeSocket;

describe('where there are as many connections as there may be, a further one', () => {
  let closed = 0;
  const room = (max: number) => new ConnectionRoom(max, () => closed++);

  beforeEach(() => { closed = 0; });

  /**
   * Who goes as these come, one after the other, and ask; letters say what they are then: `k`nown by a name of their own, the `p`od's, `K`ube-apiserver's,
   * `b`usy.
   */
  const gone = (max: number, ...names: string[]): string[] => {
    const full = room(max);
    const sockets = names.map(socket);
    for (const each of sockets) {
      full.opened(each);
      full.used(each, true);
      if (each.name.includes('k')) full.recognized(each, each.name);
      if (each.name.includes('p')) full.recognized(each, 'pod');
      if (each.name.includes('K')) full.recognized(each, FRONT_PROXY);
      if (!each.name.includes('b')) full.used(each, false);
    }
    return sockets.filter(({ destroyed }) => destroyed).map(({ name }) => name);
  };

  test.each([
    ['of the oldest stranger', 3, ['1k', '2', '3', '4'], ['2']],
    ['of one that awaits no answer', 3, ['1k', '2b', '3', '4'], ['3']],
    ['of a stranger that awaits an answer, sooner than of anybody known', 3, ['1k', '2b', '3b', '4'], ['2b']],
    ['of a known one that is unused for longest, where it is known and users have six of eight', 8, ['1kb', '2k', '3k', '4k', '5k', '6k', '7k'], ['2k']],
    ['of a stranger where six of eight are users\' that await answers, for it is one itself', 8, [...'12345678'].map((name) => `${name}kb`).concat('9'), ['7kb']],
    ['of one of whoever has most, where all await answers', 8, ['1kb', '2pb', '3pb', '4kb', '5kb', '6kb', '7kb'], ['2pb']],
    ['of one of its own, where it is of who has most', 8, ['1k', '2pb', '3pb', '4pb', '5pb', '6p', '7pb'], ['6p']],
    ['of a stranger where it is of who has most and awaits answers on all, for it is one itself', 8, ['1k', ...[...'2345678'].map((name) => `${name}pb`), '9'], ['7pb']],
    ['of a stranger, never of kube-apiserver', 8, ['1K', ...[...'2345678'].map((name) => `${name}p`), '9'], ['2p']],
    ['of a user that is unused for longest, where it is kube-apiserver\'s', 8, ['1K', '2k', '3k', '4k', '5k', '6k', '7k', '8K'], ['2k']],
    ['of a stranger where it is kube-apiserver\'s first, and keeps its own', 8, [...[...'1234567'].map((name) => `${name}pb`), '8K', '9'], ['7pb']],
  ])('takes the place %s', (_, max, coming, expected) => {
    expect(gone(max, ...coming)).toEqual(expected);
    expect(closed).toBe(expected.length);
  });

  test('finds a stranger no younger for what it asks', () => {
    const [first, second, newcomer] = ['first', 'second', 'newcomer'].map(socket);
    const two = room(2);
    [first, second].forEach((each) => two.opened(each));
    [true, false].forEach((owesAnswer) => two.used(first, owesAnswer));
    two.opened(newcomer);

    expect([first, second, newcomer].filter(({ destroyed }) => destroyed)).toEqual([first]);
  });

  test('finds a known one the younger for what it asks', () => {
    const [first, second, newcomer] = ['first', 'second', 'newcomer'].map(socket);
    const four = room(4);
    [first, second].forEach((each) => four.opened(each));
    [first, second].forEach((each) => four.recognized(each, each.name));
    [true, false].forEach((owesAnswer) => four.used(first, owesAnswer));
    four.opened(newcomer);
    four.recognized(newcomer, newcomer.name);

    expect([first, second, newcomer].filter(({ destroyed }) => destroyed)).toEqual([second]);
  });

  test('finds the place of one that has ended', () => {
    const [first, second] = ['first', 'second'].map(socket);
    const one = room(1);
    one.opened(first);
    first.destroy();
    one.opened(second);

    expect([second.destroyed, closed]).toEqual([false, 0]);
  });
});

test('known clients that await answers on all places keep out no probe', async () => {
  const pki = await createTestPki();
  const released: (() => void)[] = [];
  const handle = () => new Promise<ApiResult>((resolve) => released.push(() => resolve({ kind: 'NodeMetricsList', items: [], columns: [] })));
  const server = await TestServer.start(pki, { maxConnections: 8, groupVersions: [fakeMetricsApi('v1beta1', { handle })] });
  const askAsAlice = () => server.ask('/apis/metrics.k8s.io/v1beta1/nodes', { identity: pki.alice }, askHttp1);
  try {
    const known: Promise<Answer>[] = [];
    const ask = async () => {
      known.push(askAsAlice());
      await eventually(() => expect(released).toHaveLength(known.length));
    };
    while (known.length < 6) await ask();
    await ask();
    const cutOff = expect(known.pop()).rejects.toThrow();
    released.pop();
    while (known.length < 7) await ask();
    expect((await server.ask('/livez', {}, askHttp1)).status).toBe(200);
    await cutOff;
    released.forEach((release) => release());
    expect((await Promise.all(known)).map(({ status }) => status)).toEqual(Array(7).fill(200));
  } finally {
    await server.stop();
  }
});

test('neither users nor strangers that open connections take kube-apiserver\'s', async () => {
  const pki = await createTestPki();
  const server = await TestServer.start(pki, { maxConnections: 8 });
  const kubeApiServer = connectHttp2(`https://127.0.0.1:${server.port}`, {
    rejectUnauthorized: false, cert: pki.frontProxy.certificate, key: pki.frontProxy.key,
  });
  const agent = new Agent({ keepAlive: true });
  const askFor = async (user: string) => {
    const [headers] = await once(kubeApiServer.request({ ':path': '/apis', 'x-remote-user': user }).resume(), 'response');
    return headers[':status'] as number;
  };
  const strangers: Socket[] = [];
  try {
    // Whom it asks for is nobody to us.
    expect(await askFor('system:anonymous')).toBe(200);
    await Promise.all(Array.from({ length: 20 }, () => new Promise<void>((resolve) => {
      const identity = { cert: pki.alice.certificate, key: pki.alice.key };
      get({ port: server.port, host: '127.0.0.1', path: '/apis', agent, rejectUnauthorized: false, ...identity }, (response) => {
        response.resume().on('end', resolve);
      }).on('error', () => resolve());
    })));
    for (let index = 0; index < 20; index++) strangers.push(connect({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false }).on('error', () => {}));
    await eventually(async () => expect((await server.ask('/livez', {}, askHttp1)).status).toBe(200));
    await eventually(() => expect(server.registry.render()).toMatch(/metrics_server_connections_closed_for_room_total [2-9]\d/));
    expect(kubeApiServer.destroyed).toBe(false);
    expect(await askFor('bob')).toBe(200);
  } finally {
    agent.destroy();
    kubeApiServer.destroy();
    strangers.forEach((stranger) => stranger.destroy());
    await server.stop();
  }
});

test('strangers that open connections keep nobody out, and are counted', async () => {
  const pki = await createTestPki();
  const server = await TestServer.start(pki, { maxConnections: 5 });
  const strangers = [...Array(20)].map(() => connect({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false }).on('error', () => {}));
  try {
    await eventually(async () => expect((await server.ask('/livez', {}, askHttp1)).status).toBe(200));
    await eventually(async () => expect(strangers.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(5));
    expect(server.registry.render()).toMatch(/metrics_server_connections_closed_for_room_total 1[5-9]/);
  } finally {
    strangers.forEach((stranger) => stranger.destroy());
    await server.stop();
  }
});

test('strangers that ask and do not read the answers keep out nobody, and cut off nobody known', async () => {
  const pki = await createTestPki();
  const server = await TestServer.start(pki, { maxConnections: 4 });
  const agent = new Agent({ keepAlive: true });
  const askAsAlice = () => new Promise<Socket>((resolve, reject) => {
    const identity = { cert: pki.alice.certificate, key: pki.alice.key };
    get({ port: server.port, host: '127.0.0.1', path: '/apis', agent, rejectUnauthorized: false, ...identity }, (response) => {
      response.resume().on('end', () => resolve(response.socket));
    }).on('error', reject);
  });
  const strangers: ClientHttp2Session[] = [];
  try {
    const first = await askAsAlice();
    for (let index = 0; index < 10; index++) {
      const options = { rejectUnauthorized: false, settings: { initialWindowSize: 0 } };
      const stranger = connectHttp2(`https://127.0.0.1:${server.port}`, options).on('error', () => {});
      strangers.push(stranger);
      await once(stranger, 'remoteSettings');
      const [{ ':status': status }] = await once(stranger.request({ ':path': '/apis', 'authorization': 'Bearer unknown' }).on('error', () => {}), 'response');
      expect(status).toBe(401);
    }
    expect((await server.ask('/livez', {}, askHttp1)).status).toBe(200);
    expect(await askAsAlice()).toBe(first);
  } finally {
    agent.destroy();
    strangers.forEach((stranger) => stranger.destroy());
    await server.stop();
  }
});
