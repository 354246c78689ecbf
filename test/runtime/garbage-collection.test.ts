import { ManualClock } from './manual-clock';
import { heapGrowthPercent, tuneGarbageCollection } from '../../src/runtime/garbage-collection';

const flags: string[] = [];
let usedBytes = 0;

jest.mock('node:v8', () => ({
  setFlagsFromString: (flag: string) => flags.push(flag),
  getHeapStatistics: () => ({ used_heap_size: usedBytes }),
}));

test('small heaps grow by less than half, V8 decides about large ones', () => {
  expect(heapGrowthPercent(20e6)).toBe(30);
  expect(heapGrowthPercent(300e6)).toBe(0);
});

test('one thread collects what is young and gives buffers back, nothing is made among what is old, and the heap is looked at again each minute', () => {
  const clock = new ManualClock();
  tuneGarbageCollection(clock);
  usedBytes = 300e6;
  clock.advance(60_000);
  usedBytes = 20e6;
  clock.advance(60_000);
  expect(flags).toEqual([
    '--no-parallel-scavenge', '--no-concurrent-array-buffer-sweeping', '--no-allocation-site-pretenuring',
    '--heap-growing-percent=30', '--heap-growing-percent=0', '--heap-growing-percent=30',
  ]);
});
