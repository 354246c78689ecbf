import { isDeepStrictEqual } from 'node:util';
import { Page } from '../../../src/runtime/scrape/page';
import { readPage } from '../../../src/runtime/scrape/read-page';
import { SimdDecoder } from '../../../src/runtime/scrape/simd-decoder';
import { MetricStore } from '../../../src/runtime/store/metric-store';
import { dump } from '../../runtime/scrape/reference-parser';
import { FuzzTarget } from '../target';

const STARTED_MS = Date.parse('2026-11-21T15:50:30Z');
const DAY_MS = 86_400_000;
const UINT64_LIMIT = 2 ** 64;

let nowMs = STARTED_MS;
const clock = { now: () => nowMs, monotonic: () => nowMs, after: () => () => {} };
const store = new MetricStore({ clock, random: () => 0.5, resolutionMs: 15_000 });
/** Used again and again, as the runtime does. */
const reused = new Page(Math.random, SimdDecoder.create(Math.random, process.env));
/** What JavaScript alone makes of it. */
const twin = new Page(Math.random, null);

/** A kubelet's page, of text or of JSON. */
export const page: FuzzTarget = {
  name: 'page',
  words: [
    'container_cpu_usage_seconds_total', 'node_cpu_usage_seconds_total', '# TYPE ', '# EOF\n', '{container="",namespace="",pod=""}', 'container=', ',', '=', ' 1795276230000',
    '-9223372036854775808', '1e-320', '\\"', '\\n', '{"node":{"cpu":{"usageCoreNanoSeconds":1}}}', '"time":"0000-00-00T00:00:00Z"', '[', ']', 'null',
  ],
  check(input) {
    const failure = readPage(input, STARTED_MS, reused);
    if (readPage(input, STARTED_MS, twin)?.message !== failure?.message) throw new Error(`the decoders differ: ${failure?.message}`);
    if (failure) {
      if (/[\n\r]/.test(failure.message) || failure.message.length > 1000) throw new Error(`not one line for a person: ${JSON.stringify(failure.message)}`);
      return;
    }
    const rows = reused.containers;
    [reused.cpuNanoseconds, reused.memoryBytes, reused.swapBytes, reused.startNanoseconds]
      .forEach((column) => column.subarray(0, rows).forEach(assertPossible));
    [reused.nodeCpuNanoseconds, reused.nodeMemoryBytes, reused.nodeSwapBytes].forEach(assertPossible);
    [...reused.timestampMs.subarray(0, rows), reused.nodeTimestampMs].forEach(assertPlausibleTime);
    if (!isDeepStrictEqual(dump(reused), dump(twin))) throw new Error('the decoders differ');
    nowMs += 15_000;
    store.apply('node', reused);
    const usage = store.node('node');
    if (usage && !(usage.cpuNanocores >= 0 && usage.memoryBytes >= 0)) throw new Error(`absurd: ${JSON.stringify(usage)}`);
    JSON.stringify(usage);
    store.evict();
  },
};

function assertPossible(value: number): void {
  if (!Number.isNaN(value) && !(value >= 0 && value <= UINT64_LIMIT * 1e9)) throw new Error(`impossible figure ${value}`);
}

function assertPlausibleTime(timestampMs: number): void {
  if (!Number.isNaN(timestampMs) && !(timestampMs >= Date.UTC(2000, 0) && timestampMs <= STARTED_MS + DAY_MS)) throw new Error(`implausible time ${timestampMs}`);
}
