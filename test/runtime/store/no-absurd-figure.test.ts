import * as fc from 'fast-check';
import { ContainerSample, pageOf } from './pages';
import { Load, UnsteadyNode } from './unsteady-node';
import { MetricStore } from '../../../src/runtime/store/metric-store';
import { ManualClock } from '../manual-clock';

const T0 = 1_795_229_800_000;
const RESOLUTION_MS = 15_000;

/** What may happen between two cycles. */
type Trouble =
  | { readonly kind: 'none' | 'failed scrape' | 'counters reset' | 'kubelet stands still' | 'another machine' | 'page without the node' }
  | { readonly kind: 'clock set'; readonly bySeconds: number }
  | { readonly kind: 'restart' | 'container left out'; readonly container: string }
  | { readonly kind: 'garbage'; readonly container: string; readonly garbage: Partial<ContainerSample> }
  | { readonly kind: 'duplicate'; readonly cpuSeconds: number; readonly startedAgoSeconds: number };

const NODE: Load = { name: 'node', cores: 6, memoryBytes: 8 * 2 ** 30 };
const LOADS: readonly Load[] = [{ name: 'app', cores: 2, memoryBytes: 1000 }, { name: 'proxy', cores: 0.05, memoryBytes: 2000 }];
const container = fc.constantFrom(...LOADS.map(({ name }) => name));
const garbage = fc.record({
  cpuSeconds: fc.constantFrom(undefined, NaN, -1, Infinity, 0, 1e300),
  memoryBytes: fc.constantFrom(undefined, NaN, -1, 0, Infinity),
}, { requiredKeys: [] });
const plain = fc.constantFrom('none', 'none', 'failed scrape', 'counters reset', 'kubelet stands still', 'page without the node') as fc.Arbitrary<'none'>;
const anyhow: readonly fc.Arbitrary<Trouble>[] = [
  fc.record({ kind: plain }),
  fc.record({ kind: fc.constant('restart' as const), container }),
  fc.record({ kind: fc.constant('garbage' as const), container, garbage }),
];
const ofClocks = fc.oneof(...anyhow, fc.record({
  kind: fc.constant('clock set' as const),
  bySeconds: fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.integer({ min: -60, max: 60 }), fc.integer({ min: -80_000, max: 80_000 })),
}));
/** What is seen for the first time after its node's clock was set may be taken for something new. Nobody can tell; so not together. */
const ofComingAndGoing: fc.Arbitrary<Trouble> = fc.oneof(
  ...anyhow,
  fc.constant<Trouble>({ kind: 'another machine' }),
  fc.record({ kind: fc.constant('container left out' as const), container }),
  fc.record({ kind: fc.constant('duplicate' as const), cpuSeconds: fc.nat(100_000), startedAgoSeconds: fc.nat(7200) }),
);
const history = fc.oneof(fc.array(ofClocks, { maxLength: 25 }), fc.array(ofComingAndGoing, { maxLength: 25 }));
const randomNumbers = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));

/** After these, for a while, samples may lie although nobody can tell: a counter that has caught up. */
const LEAVES_DOUBT: readonly Trouble['kind'][] = ['counters reset', 'duplicate', 'garbage'];
const DOUBT_CYCLES = 8;

/** How wrong the shortest window may be when a clock is set again and again, by so little that nobody can tell: see clock-set.test.ts. */
const UNNOTICED = (2 + (5 + 3 * RESOLUTION_MS / 1000) / 10) / 5;
const CALM: readonly Trouble[] = Array.from({ length: 6 }, () => ({ kind: 'none' }));

test('steady loads are served as what they are, or not at all, whatever happens to clocks, counters, containers, kubelets and nodes', () => {
  fc.assert(fc.property(history, randomNumbers, (troubles, stream) => {
    const random = () => stream.next().value!;
    const clock = new ManualClock(T0);
    const store = new MetricStore({ clock, random: Math.random, resolutionMs: RESOLUTION_MS });
    let node = new UnsteadyNode(random, NODE, LOADS, T0);
    const looks = node.looks;
    let calmCycles = DOUBT_CYCLES;
    let cyclesOfOneClock = DOUBT_CYCLES;
    let lastPageMs = -Infinity;
    for (const one of [...troubles, ...CALM]) {
      clock.advance(RESOLUTION_MS);
      node.suspended = one.kind === 'kubelet stands still';
      node.advanceTo(clock.now());
      calmCycles = LEAVES_DOUBT.includes(one.kind) ? 0 : calmCycles + 1;
      cyclesOfOneClock = one.kind === 'clock set' ? 0 : cyclesOfOneClock + 1;
      store.evict();
      switch (one.kind) {
        case 'failed scrape': continue;
        case 'clock set':
          node.clockMs += one.bySeconds * 1000;
          // Of a node that is new to us, nobody knows what its clock was.
          if (clock.now() - lastPageMs > 2 * RESOLUTION_MS) calmCycles = 0;
          break;
        case 'counters reset': node.resetCounters(); break;
        case 'restart': node.restart(one.container); break;
        case 'another machine':
          node = new UnsteadyNode(random, NODE, LOADS, clock.now());
          node.looks.forEach(look => looks.add(look));
          store.forgetNode('a');
          break;
        case 'duplicate':
          store.apply('b', pageOf(undefined, [{
            pod: 'web',
            container: 'app',
            timestampMs: clock.now(),
            cpuSeconds: one.cpuSeconds,
            memoryBytes: 1000,
            startSeconds: clock.now() / 1000 - one.startedAgoSeconds,
          }]));
          store.forgetNode('b');
      }
      node.looks.forEach(look => looks.add(look));
      const containers = node.containers().flatMap(sample => {
        if (one.kind === 'container left out' && one.container === sample.container) return [];
        return one.kind === 'garbage' && one.container === sample.container ? [{ ...sample, ...one.garbage }] : [sample];
      });
      store.apply('a', pageOf(one.kind === 'page without the node' ? undefined : node.node(), containers), node.clockReading(clock.monotonic()));

      lastPageMs = clock.now();

      const ofNode = store.node('a');
      const pod = store.pod('default', 'web');
      const figures = [
        ...ofNode ? [{ ...ofNode, load: NODE, timed: ofNode }] : [],
        ...pod ? pod.containers.map(usage => ({ ...usage, load: LOADS.find(({ name }) => name === usage.name)!, timed: pod })) : [],
      ];
      for (const { cpuNanocores, memoryBytes, load, timed } of figures) {
        expect(timed.windowNanoseconds).toBeGreaterThanOrEqual(5e9);
        expect(memoryBytes === undefined || memoryBytes === 0 || memoryBytes === load.memoryBytes).toBe(true);
        if (cpuNanocores === undefined) continue;
        if (calmCycles < DOUBT_CYCLES) expect(cpuNanocores).toBeLessThan(10 * load.cores * 1e9);
        else expect(Math.abs(cpuNanocores / load.cores / 1e9 - 1)).toBeLessThan(cyclesOfOneClock < DOUBT_CYCLES ? UNNOTICED : 1e-3);
      }
      if (pod && one.kind !== 'duplicate') expect(looks.has(pod.timestampMs)).toBe(true);
    }
    expect(store.node('a')).toBeDefined();
    expect(store.pod('default', 'web')?.containers.map(({ name, cpuNanocores }) => [name, cpuNanocores !== undefined])).toEqual([['app', true], ['proxy', true]]);
  }), { numRuns: 500 });
});
