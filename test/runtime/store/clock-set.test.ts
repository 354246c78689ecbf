import * as fc from 'fast-check';
import { ContainerSample, NodeSample, pageOf } from './pages';
import { Load, UnsteadyNode } from './unsteady-node';
import { MetricStore } from '../../../src/runtime/store/metric-store';
import { ManualClock } from '../manual-clock';

const T0 = 1_795_229_800_000;
const NODE: Load = { name: 'node', cores: 6, memoryBytes: 8 * 2 ** 30 };
const LOADS: readonly Load[] = [{ name: 'app', cores: 2, memoryBytes: 1000 }, { name: 'proxy', cores: 0.05, memoryBytes: 2000 }];
const CYCLES = 14;

interface Figure {
  readonly cycle: number;
  readonly windowSeconds: number;
  /** By how much the window is longer or shorter than it was. */
  readonly offSeconds: number;
}

interface History {
  readonly resolutionSeconds: number;
  /** Where kubelets look within their 10 s to 20 s. */
  readonly random: () => number;
  /** The node's clock, changed before each of many moments of a cycle. */
  readonly change: (node: UnsteadyNode, seconds: number) => void;
  /** As /metrics/resource or /stats/summary tells times. */
  readonly precisionMs: number;
}

const MOMENTS = 30;

/** All figures that are served while things happen to a node's clock. */
function figures({ resolutionSeconds, random, change, precisionMs }: History): Figure[] {
  const clock = new ManualClock(T0);
  const store = new MetricStore({ clock, random: Math.random, resolutionMs: resolutionSeconds * 1000 });
  const node = new UnsteadyNode(random, NODE, LOADS, T0);
  const told = <T extends NodeSample | ContainerSample>(sample: T): T => (
    { ...sample, timestampMs: Math.floor(sample.timestampMs / precisionMs) * precisionMs }
  );
  const served: Figure[] = [];
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    for (let moment = 0; moment < MOMENTS; moment++) {
      change(node, cycle * resolutionSeconds + moment * resolutionSeconds / MOMENTS);
      clock.advance(resolutionSeconds * 1000 / MOMENTS);
      node.advanceTo(clock.now());
    }
    // Each in a pod of its own, which so has its window.
    const containers = node.containers().map((sample) => told({ ...sample, pod: sample.container }));
    store.apply('a', pageOf(told(node.node()!), containers), node.clockReading(clock.monotonic()));
    for (const { name, cores } of [NODE, ...LOADS]) {
      const usage = name === NODE.name ? store.node('a') : store.pod('default', name);
      if (!usage) continue;
      const cpuNanocores = 'containers' in usage ? usage.containers[0].cpuNanocores! : usage.cpuNanocores;
      const windowSeconds = usage.windowNanoseconds / 1e9;
      served.push({ cycle, windowSeconds, offSeconds: Math.abs(cpuNanocores / 1e9 / cores - 1) * windowSeconds });
    }
  }
  return served;
}

const randomNumbers = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })).map((stream) => () => stream.next().value!);
const resolutions = fc.constantFrom(10, 15, 30, 60);
const anySet = fc.record({
  resolutionSeconds: resolutions,
  random: randomNumbers,
  at: fc.double({ min: 0.3, max: 0.6, noNaN: true }),
  bySeconds: fc.oneof(
    fc.double({ min: -8, max: 8, noNaN: true }), fc.double({ min: -60, max: 60, noNaN: true }), fc.integer({ min: -80_000, max: 80_000 }),
  ),
  precisionMs: fc.constantFrom(1, 1000),
});

function setOnce(at: number, bySeconds: number, resolutionSeconds: number): History['change'] {
  let isSet = false;
  return (node, seconds) => {
    if (isSet || seconds < at * CYCLES * resolutionSeconds) return;
    isSet = true;
    node.clockMs += Math.round(bySeconds * 1000);
  };
}

test('a clock is set, by whatever: no window is wrong by more than 2 s and a tenth of the time between scrapes, and 1 s where times are whole seconds', () => {
  fc.assert(fc.property(anySet, ({ at, bySeconds, ...history }) => {
    const { resolutionSeconds, precisionMs } = history;
    const served = figures({ ...history, change: setOnce(at, bySeconds, resolutionSeconds) });
    const boundSeconds = 2 + resolutionSeconds / 10 + (precisionMs === 1 ? 0 : 1) + 0.05;
    expect(served.filter(({ offSeconds }) => offSeconds > boundSeconds)).toEqual([]);
    expect(served.filter(({ cycle }) => cycle === CYCLES - 1)).toHaveLength(3);
  }), { numRuns: 500 });
});

test('nothing is set: each window is right, within the second to which a summary tells its ends', () => {
  fc.assert(fc.property(resolutions, randomNumbers, fc.constantFrom(1, 1000), (resolutionSeconds, random, precisionMs) => {
    const served = figures({ resolutionSeconds, random, precisionMs, change: () => {} });
    expect(served.filter(({ offSeconds, windowSeconds }) => offSeconds > (precisionMs === 1 ? windowSeconds / 1e3 : 1.001))).toEqual([]);
    expect(new Set(served.map(({ cycle }) => cycle)).size).toBeGreaterThanOrEqual(CYCLES - 4);
  }));
});

test('a clock that is corrected by going a twelfth faster or slower, as chrony does it, is believed', () => {
  fc.assert(fc.property(fc.constantFrom(-1 / 12, 1 / 12), randomNumbers, (rate, random) => {
    const served = figures({ resolutionSeconds: 15, random, precisionMs: 1, change: (node) => { node.clockMs += rate * 15_000 / MOMENTS; } });
    expect(served.filter(({ offSeconds, windowSeconds }) => offSeconds > windowSeconds / 10)).toEqual([]);
    expect(new Set(served.map(({ cycle }) => cycle)).size).toBeGreaterThanOrEqual(CYCLES - 4);
  }));
});
