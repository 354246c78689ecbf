import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { Clock } from './clock';

/** That of a few hundred nodes. */
const SMALL_HEAP_BYTES = 24 * 2 ** 20;
const SMALL_HEAP_GROWTH_PERCENT = 30;
const AS_V8_LIKES = 0;

const INTERVAL_MS = 60_000;

/** Has V8 collect as it suits this process, as long as it lives. docs/performance.md has the figures. */
export function tuneGarbageCollection(clock: Clock): void {
  // Hardly anything young survives: other threads cost more to wake than they take over, and on busy processors they are waited for.
  setFlagsFromString('--no-parallel-scavenge');
  // Nor are buffers given back by another thread: while clients ask as much as they can, it comes late, and what is garbage by then makes malloc's heap grow.
  setFlagsFromString('--no-concurrent-array-buffer-sweeping');
  // While all kubelets are connected to, what a request is made of lives as long as that takes. V8 would conclude that it always lives long, and
  // make it among what is old: from there it is collected only with the whole heap, and until then keeps everything alive that it refers to.
  setFlagsFromString('--no-allocation-site-pretenuring');
  boundHeapGrowth(clock);
}

/**
 * What may be added to the live heap before V8 collects. V8 alone lets it double and more. Where the heap is small, that is most of what
 * can be saved of the process, and collecting early costs little; marking a large one costs more than it saves.
 */
export function heapGrowthPercent(usedBytes: number): number {
  return usedBytes < SMALL_HEAP_BYTES ? SMALL_HEAP_GROWTH_PERCENT : AS_V8_LIKES;
}

function boundHeapGrowth(clock: Clock): void {
  setFlagsFromString(`--heap-growing-percent=${heapGrowthPercent(getHeapStatistics().used_heap_size)}`);
  clock.after(INTERVAL_MS, () => boundHeapGrowth(clock));
}
