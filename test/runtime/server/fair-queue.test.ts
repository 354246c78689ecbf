import { FairQueue, FairQueueLimits } from '../../../src/runtime/server/fair-queue';
import { ManualClock } from '../manual-clock';

let clock: ManualClock;
let begun: string[];
/** Ends the tasks that run, the first first. */
let ends: (() => void)[];
let queue: FairQueue;

const settle = () => new Promise(setImmediate);

function create(limits: Partial<FairQueueLimits> = {}): void {
  queue = new FairQueue(clock, { atOnce: 1, rate: { perSecond: 10, burst: 1000 }, waiting: 100, waitingOfOne: 100, ...limits });
}

/** The first letter of a name is its flow. */
function run(name: string, signal?: AbortSignal): Promise<string> {
  return queue.run(name[0], async () => {
    begun.push(name);
    await new Promise<void>((resolve) => ends.push(resolve));
    return `${name} is done`;
  }, () => new Error(`no room for ${name}`), signal);
}

async function endAll(): Promise<void> {
  while (ends.length > 0) {
    ends.shift()!();
    await settle();
  }
}

beforeEach(() => {
  clock = new ManualClock();
  begun = [];
  ends = [];
});

test('what is done is what the task returns or rejects with, and room for the next either way', async () => {
  create();
  const failed = queue.run('a', () => Promise.reject(new Error('broken')), () => new Error('no room'));
  const done = run('b1');
  await expect(failed).rejects.toThrow('broken');
  await settle();
  await endAll();
  expect(await done).toBe('b1 is done');
});

test('no more tasks run at the same time', async () => {
  create({ atOnce: 2 });
  void Promise.all(['a1', 'a2', 'a3'].map((name) => run(name)));
  await settle();
  expect(begun).toEqual(['a1', 'a2']);
  ends.shift()!();
  await settle();
  expect(begun).toEqual(['a1', 'a2', 'a3']);
  await endAll();
});

test('flows take turns: who asks for one thing does not wait for all that others ask for', async () => {
  create();
  void Promise.all(['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'c2'].map((name) => run(name)));
  await settle();
  await endAll();
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'c2', 'a4']);
});

test('no more begin in a second', async () => {
  create({ atOnce: 100, rate: { perSecond: 10, burst: 2 } });
  void Promise.all(['a1', 'a2', 'a3', 'b1'].map((name) => run(name)));
  await settle();
  expect(begun).toEqual(['a1', 'a2']);
  clock.advance(99);
  await settle();
  expect(begun).toHaveLength(2);
  clock.advance(1);
  await settle();
  expect(begun).toEqual(['a1', 'a2', 'a3']);
  clock.advance(100);
  await settle();
  expect(begun).toHaveLength(4);
  await endAll();
  expect(clock.pending).toBe(0);
});

test('when too many wait, the newest of the longest flow is refused, and a newcomer finds room', async () => {
  create({ waiting: 3 });
  const [running, a2, a3, a4] = ['a1', 'a2', 'a3', 'a4'].map((name) => run(name));
  const refused = expect(a4).rejects.toThrow('no room for a4');
  const newcomer = run('b1');
  await refused;
  await expect(run('a5')).rejects.toThrow('no room for a5');
  await settle();
  await endAll();
  expect(await Promise.all([running, a2, newcomer, a3])).toHaveLength(4);
});

test('when too many of one flow wait, its newest is refused, although there is room for others', async () => {
  create({ waitingOfOne: 1 });
  const [running, a2] = ['a1', 'a2'].map((name) => run(name));
  await expect(run('a3')).rejects.toThrow('no room for a3');
  const other = run('b1');
  await settle();
  await endAll();
  expect(await Promise.all([running, a2, other])).toHaveLength(3);
});

test('of flows that are equally long the one whose turn comes last is refused', async () => {
  create({ waiting: 2 });
  const [running, a, b] = ['x', 'a', 'b'].map((name) => run(name));
  await expect(run('c')).rejects.toThrow('no room for c');
  await endAll();
  expect(await Promise.all([running, a, b])).toEqual(['x is done', 'a is done', 'b is done']);
});

test('who does not want to wait any longer does not take a turn', async () => {
  create();
  const wanted = new AbortController();
  const running = run('a1');
  const given = expect(run('b1', wanted.signal)).rejects.toThrow('over');
  const last = run('b2');
  wanted.abort(new Error('over'));
  await given;
  await expect(run('c1', wanted.signal)).rejects.toThrow('over');
  await settle();
  await endAll();
  expect(await Promise.all([running, last])).toHaveLength(2);
  expect(begun).toEqual(['a1', 'b2']);
});
