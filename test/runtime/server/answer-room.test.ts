import { EventEmitter, once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { askHttp2 } from './client';
import { createTestPki, TestServer } from './test-server';
import { AnswerRoom } from '../../../src/runtime/server/answer-room';
import { Outlet } from '../../../src/runtime/server/cut-off';
import { eventually } from '../../e2e/control-plane/eventually';
import { ManualClock } from '../manual-clock';

class FakeOutlet extends EventEmitter implements Outlet {
  destroyed = false;

  constructor(readonly name: string) {
    super();
  }

  destroy(): void {
    this.destroyed = true;
  }
}

const KIB = 1024;
const bytes = (kib: number) => new Uint8Array(kib * KIB);

describe('what clients have not read', () => {
  let clock: ManualClock;
  let room: AnswerRoom;
  let cutOff: number;

  beforeEach(() => {
    clock = new ManualClock();
    cutOff = 0;
    room = new AnswerRoom(clock, 100 * KIB, () => cutOff++);
  });

  /** An answer that has begun. */
  const begun = (name: string, kib = 60): FakeOutlet => {
    const outlet = new FakeOutlet(name);
    room.begin(outlet, [bytes(kib)]);
    return outlet;
  };

  test('counts until the answer ends', () => {
    const outlet = begun('a');
    expect(room.unreadBytes).toBe(60 * KIB);
    outlet.emit('close');
    expect(room.unreadBytes).toBe(0);
  });

  test('counts a piece no more when the next is asked for', () => {
    const outlet = begun('a', 10);
    room.taken(outlet, [bytes(20)]);
    expect(room.unreadBytes).toBe(20 * KIB);
  });

  test('counts once what several answers share, until the last of them ends', () => {
    const list = [bytes(30), bytes(30)];
    const outlets = ['a', 'b', 'c'].map((name) => new FakeOutlet(name));
    outlets.forEach((outlet) => room.begin(outlet, list));
    expect(room.unreadBytes).toBe(60 * KIB);
    outlets[0].emit('close');
    outlets[1].emit('close');
    expect(room.unreadBytes).toBe(60 * KIB);
    outlets[2].emit('close');
    expect(room.unreadBytes).toBe(0);
  });

  test('may be one answer of any length', () => {
    begun('small', 99);
    begun('large', 10_000);
    expect(room.unreadBytes).toBe(10_099 * KIB);
  });

  test('keeps out further answers while it is too much, and all is being read', () => {
    ['a', 'b'].forEach((name) => begun(name));
    clock.advance(499);
    expect(() => begun('c')).toThrow(expect.objectContaining({ code: 429, details: { retryAfterSeconds: 1 } }));
    expect(() => room.admit()).toThrow('too much of other answers waits for their clients to read it, please try again later');
    expect(room.unreadBytes).toBe(120 * KIB);
  });

  test('keeps out no short answer, such as that which says so', () => {
    begun('a', 100);
    expect(begun('b', 4).destroyed).toBe(false);
  });

  test('is cut off where nothing was taken for half a second, as far as room is needed', () => {
    const [first, second] = ['a', 'b'].map((name) => begun(name));
    clock.advance(500);
    const third = begun('c');
    expect([first, second, third].map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
    expect([room.unreadBytes, cutOff]).toEqual([120 * KIB, 1]);
    first.emit('close');
    expect(room.unreadBytes).toBe(120 * KIB);
  });

  test('is not cut off where something is taken', () => {
    const [reading, still] = ['reading', 'still'].map((name) => begun(name));
    clock.advance(500);
    room.taken(reading, [bytes(60)]);
    begun('c');
    expect([reading, still].map(({ destroyed }) => destroyed)).toEqual([false, true]);
  });

  test('is cut off for answers that are under way, too: readers of a shared list that drift apart need more than the list they began with', () => {
    const list = [bytes(60)];
    const [still, ...reading] = ['still', 'a', 'b'].map((name) => new FakeOutlet(name));
    [still, ...reading].forEach((outlet) => room.begin(outlet, list));
    clock.advance(499);
    reading.forEach((outlet) => room.taken(outlet, list));
    clock.advance(1);
    room.taken(reading[0], [bytes(60)]);
    expect([still, ...reading].map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
    expect([room.unreadBytes, cutOff]).toEqual([120 * KIB, 1]);
  });

  test('is left alone where there is room', () => {
    const still = begun('a');
    clock.advance(60_000);
    begun('b');
    expect(still.destroyed).toBe(false);
  });

  test('is not counted of an answer that is gone already', () => {
    const outlet = new FakeOutlet('a');
    outlet.destroy();
    room.begin(outlet, [bytes(60)]);
    room.taken(outlet, [bytes(60)]);
    expect(room.unreadBytes).toBe(0);
  });
});

test('clients that read nothing keep out nobody for long, and are counted', async () => {
  const pki = await createTestPki();
  const clock = new ManualClock();
  // More than sockets take.
  const page = 'x'.repeat(100 * KIB);
  const server = await TestServer.start(pki, {
    clock, maxUnreadBytes: 10 * page.length, pages: { '/long': () => ({ status: 200, headers: {}, body: page }) },
  });
  const identity = { cert: pki.alice.certificate, key: pki.alice.key };
  const idler = connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false, ...identity, settings: { initialWindowSize: 0 } }).on('error', () => {});
  const askAndForget = async () => {
    const [headers] = await once(idler.request({ ':path': '/long' }).on('error', () => {}), 'response');
    return headers[':status'];
  };
  try {
    await once(idler, 'remoteSettings');
    const statuses = await Promise.all(Array.from({ length: 20 }, askAndForget));
    expect([200, 429].map((status) => statuses.filter((other) => other === status).length)).toEqual([10, 10]);
    clock.advance(500);
    const { status, body } = await server.ask('/long', { identity: pki.alice }, askHttp2);
    expect([status, body.length]).toEqual([200, page.length]);
    expect(server.registry.render()).toMatch(/^metrics_server_answers_cut_off_for_room_total 1$/m);
  } finally {
    idler.destroy();
  }
  await eventually(() => expect(server.registry.render()).toMatch(/^metrics_server_unread_answer_bytes 0$/m));
  const stopped = server.stop();
  clock.advance(1000);
  await stopped;
});
