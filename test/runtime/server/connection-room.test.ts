import { EventEmitter } from 'node:events';
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

  test('takes the place of the oldest on which nothing was asked', () => {
    const [asked, first, second, newcomer] = ['asked', 'first', 'second', 'newcomer'].map(socket);
    const three = room(3);
    [asked, first, second].forEach((each) => three.opened(each));
    three.used(asked, true);
    three.used(asked, false);
    three.opened(newcomer);

    expect([asked, first, second, newcomer].filter(({ destroyed }) => destroyed)).toEqual([first]);
    expect(closed).toBe(1);
  });

  test('takes the place of the one unused for longest where all were asked something', () => {
    const [first, second, newcomer] = ['first', 'second', 'newcomer'].map(socket);
    const two = room(2);
    [first, second].forEach((each) => two.opened(each));
    [first, second, first].forEach((each) => [true, false].forEach((isBusy) => two.used(each, isBusy)));
    two.opened(newcomer);

    expect([first, second, newcomer].filter(({ destroyed }) => destroyed)).toEqual([second]);
  });

  test('goes itself where all have requests under way', () => {
    const [first, newcomer, later] = ['first', 'newcomer', 'later'].map(socket);
    const one = room(1);
    one.opened(first);
    one.used(first, true);
    one.opened(newcomer);
    one.used(first, false);
    one.opened(later);

    expect([first, newcomer, later].map(({ destroyed }) => destroyed)).toEqual([true, true, false]);
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
