import { ScrapeQueue } from '../../../src/runtime/scrape/scrape-queue';
import { ManualClock } from '../manual-clock';

let clock: ManualClock;
let started: string[];
let finish: Map<string, () => void>;
let queue: ScrapeQueue<string>;

beforeEach(() => {
  clock = new ManualClock();
  started = [];
  finish = new Map();
  queue = new ScrapeQueue({ clock, maxInFlight: 2, slowAfterMs: 500, maxPerMs: () => 4 }, item => {
    started.push(item);
    return new Promise(resolve => finish.set(item, resolve));
  });
});

async function end(item: string): Promise<void> {
  finish.get(item)!();
  await new Promise(setImmediate);
}

test('no more than so many run at a time, in their order', async () => {
  for (const item of ['a', 'b', 'c', 'd']) queue.push(item, true);
  expect(started).toEqual(['a', 'b']);
  await end('b');
  expect(started).toEqual(['a', 'b', 'c']);
});

test('what is urgent goes first', async () => {
  for (const item of ['a', 'b', 'c']) queue.push(item, false);
  queue.push('d', true);
  await end('a');
  await end('b');
  expect(started).toEqual(['a', 'b', 'd', 'c']);
});

test('no more than so many begin in a millisecond, however fast they end', async () => {
  for (const item of ['a', 'b', 'c', 'd', 'e', 'f']) queue.push(item, true);
  for (const item of ['a', 'b', 'c', 'd']) await end(item);
  expect(started).toEqual(['a', 'b', 'c', 'd']);
  clock.advance(1);
  expect(started).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('how many may change from one millisecond to the next', () => {
  let maxPerMs = Infinity;
  const options = { clock, maxInFlight: 32, slowAfterMs: 500, maxPerMs: () => maxPerMs };
  const many = new ScrapeQueue(options, async (item: string) => { started.push(item); });
  for (let item = 0; item < 20; item++) many.push(String(item), true);
  expect(started).toHaveLength(20);
  maxPerMs = 4;
  clock.advance(1);
  for (let item = 0; item < 20; item++) many.push(String(item), true);
  expect(started).toHaveLength(24);
});

test('a turn of the event loop that took milliseconds is made up for', () => {
  let timeMs = clock.monotonic();
  jest.spyOn(clock, 'monotonic').mockImplementation(() => timeMs);
  const many = new ScrapeQueue({ clock, maxInFlight: 100, slowAfterMs: 500, maxPerMs: () => 4 }, async (item: string) => { started.push(item); });
  for (let item = 0; item < 100; item++) many.push(String(item), true);
  const begun = [started.length];
  for (const tookMs of [1, 3.2, 50, 1]) {
    started = [];
    timeMs += tookMs;
    clock.advance(1);
    begun.push(started.length);
  }
  expect(begun).toEqual([4, 4, 12, 16, 4]);
});

test('slow ones give way, and do not count twice when they end', async () => {
  for (const item of ['a', 'b', 'c', 'd', 'e', 'f']) queue.push(item, true);
  clock.advance(500);
  expect(started).toEqual(['a', 'b', 'c', 'd']);
  await end('a');
  expect(started).toEqual(['a', 'b', 'c', 'd']);
  await end('c');
  expect(started).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('no more than a number of them run together with slow ones, where there is one', async () => {
  const options = { clock, maxInFlight: 2, slowAfterMs: 500, maxRunning: 3, maxPerMs: () => Infinity };
  queue = new ScrapeQueue(options, item => {
    started.push(item);
    return new Promise(resolve => finish.set(item, resolve));
  });
  for (const item of ['a', 'b', 'c', 'd', 'e']) queue.push(item, true);
  clock.advance(500);
  expect(started).toEqual(['a', 'b', 'c']);
  await end('a');
  expect(started).toEqual(['a', 'b', 'c', 'd']);
  await end('d');
  expect(started).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('clearing forgets what has not begun, idle waits for what has', async () => {
  for (const item of ['a', 'b', 'c']) queue.push(item, true);
  queue.clear();
  let idle = false;
  const waiting = queue.idle().then(() => { idle = true; });
  await end('a');
  expect(idle).toBe(false);
  await end('b');
  await waiting;
  expect(started).toEqual(['a', 'b']);
  expect(clock.pending).toBe(0);
  await queue.idle();
  for (const item of ['d', 'e']) queue.push(item, true);
  expect(started).toEqual(['a', 'b', 'd', 'e']);
});
