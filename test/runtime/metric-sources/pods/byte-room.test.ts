import { ByteRoom } from '../../../../src/runtime/metric-sources/pods/byte-room';

const { signal } = new AbortController();
const settled = () => new Promise(setImmediate);

function begin(room: ByteRoom, bytes: number, waits = signal) {
  let end = () => {};
  const run = () => new Promise<void>((resolve) => {
    task.begun = true;
    end = resolve;
  });
  const task = { begun: false, ended: room.run(bytes, waits, run), end: () => end() };
  return task;
}

test('who finds no room waits for its turn, also behind those who want more', async () => {
  const room = new ByteRoom(10);
  const [first, second, third] = [begin(room, 6), begin(room, 5), begin(room, 1)];
  await settled();
  expect([first.begun, second.begun, third.begun]).toEqual([true, false, false]);
  first.end();
  await first.ended;
  await settled();
  expect([second.begun, third.begun]).toEqual([true, true]);
});

test('who is given up leaves its turn to others, and what fails its room', async () => {
  const room = new ByteRoom(10);
  const first = begin(room, 10);
  const controller = new AbortController();
  const second = begin(room, 10, controller.signal);
  const third = begin(room, 10);
  await settled();
  controller.abort(new Error('nobody waits'));
  await expect(second.ended).rejects.toThrow('nobody waits');
  first.end();
  await settled();
  expect(third.begun).toBe(true);
  third.end();
  await third.ended;
  await expect(room.run(10, signal, () => Promise.reject(new Error('it broke')))).rejects.toThrow('it broke');
  await room.run(10, signal, async () => {});
});
