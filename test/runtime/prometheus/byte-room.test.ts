import { ByteRoom, Grow } from '../../../src/runtime/prometheus/byte-room';

const settled = () => new Promise(setImmediate);

/** A task that takes what it is told to, and says how much of it it may go on with. */
function begin(room: ByteRoom) {
  let grow!: Grow;
  let end!: () => void;
  let fail!: (error: Error) => void;
  const ended = room.run((granted) => {
    grow = granted;
    return new Promise<void>((resolve, reject) => [end, fail] = [resolve, reject]);
  });
  const task = { taken: 0, end, fail, ended, take };
  async function take(bytes: number): Promise<void> {
    await grow(bytes);
    task.taken += bytes;
  }
  return task;
}

test('who finds no room waits until others have ended', async () => {
  const room = new ByteRoom(10);
  const [first, second, third] = [begin(room), begin(room), begin(room)];
  for (const task of [first, second, third]) void task.take(4);
  await settled();
  expect([first, second, third].map(({ taken }) => taken)).toEqual([4, 4, 0]);
  second.end();
  await second.ended;
  await settled();
  expect(third.taken).toBe(4);
});

test('who came first never waits, however much it takes: so all of them end', async () => {
  const room = new ByteRoom(10);
  const [first, second] = [begin(room), begin(room)];
  void second.take(20);
  await settled();
  expect(second.taken).toBe(0);
  await first.take(100);
  first.end();
  await first.ended;
  await settled();
  expect(second.taken).toBe(20);
});

test('who has little waits for nobody, however full the room is', async () => {
  const room = new ByteRoom(2560);
  const [first, second] = [begin(room), begin(room)];
  await first.take(5000);
  await second.take(9);
  expect(second.taken).toBe(9);
  void second.take(1);
  await settled();
  expect(second.taken).toBe(9);
  first.end();
  await first.ended;
  await settled();
  expect(second.taken).toBe(10);
});

test('what fails leaves its room to others', async () => {
  const room = new ByteRoom(10);
  const [first, second, third] = [begin(room), begin(room), begin(room)];
  void second.take(20);
  void third.take(1);
  await settled();
  second.fail(new Error('it broke'));
  await expect(second.ended).rejects.toThrow('it broke');
  await settled();
  expect(third.taken).toBe(1);
  expect(first.taken).toBe(0);
});
