import { EventEmitter, once } from 'node:events';
import { ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { Agent, get } from 'node:https';
import { Socket } from 'node:net';
import { connect } from 'node:tls';
import { askHttp1 } from './client';
import { createTestPki, TestServer } from './test-server';
import { ConnectionRoom } from '../../../src/runtime/server/connection-room';
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

  /** Who goes when one more comes, each time, from connections of which the last letters say: `k`nown, `b`usy. */
  const gone = (...names: string[]): string[] => {
    const full = room(names.length);
    const sockets = names.map(socket);
    sockets.forEach((each) => full.opened(each));
    sockets.filter(({ name }) => name.includes('k')).forEach((each) => full.recognized(each));
    sockets.forEach((each) => full.used(each, true));
    sockets.filter(({ name }) => !name.includes('b')).forEach((each) => full.used(each, false));
    const newcomer = socket('newcomer');
    full.opened(newcomer);
    return [...sockets, newcomer].filter(({ destroyed }) => destroyed).map(({ name }) => name);
  };

  test.each([
    ['of the oldest stranger', ['1k', '2', '3'], ['2']],
    ['of one that awaits no answer', ['1k', '2b', '3'], ['3']],
    ['of a stranger that awaits an answer, sooner than of anybody known', ['1k', '2b', '3b'], ['2b']],
    ['of the known one that is unused for longest where all are known', ['1kb', '2k', '3k'], ['2k']],
    ['of nobody where all are known and await answers: it goes itself', ['1kb', '2kb', '3kb'], ['newcomer']],
  ])('takes the place %s', (_, there, expected) => {
    expect(gone(...there)).toEqual(expected);
    expect(closed).toBe(1);
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
    const two = room(2);
    [first, second].forEach((each) => two.opened(each));
    [first, second].forEach((each) => two.recognized(each));
    [true, false].forEach((owesAnswer) => two.used(first, owesAnswer));
    two.opened(newcomer);

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
