import * as fc from 'fast-check';
import { ContainerSample, NodeSample, pageOf } from './pages';
import { MetricStore } from '../../../src/runtime/store/metric-store';
import { PodUsage } from '../../../src/runtime/store/usage';
import { ManualClock } from '../manual-clock';

const RESOLUTION_NS = 15_000_000_000n;
const T0 = 1_795_229_800_000;

/** All in nanoseconds and bytes. */
interface Point {
  readonly start: bigint;
  readonly time: bigint;
  readonly cpu: bigint;
  readonly memory: bigint;
}

/** metrics-server's rules, with Maps and BigInt, one after the other. Pages hold only complete samples. */
class ModelStore {
  private readonly points = new Map<string, { last: Point; previous?: Point }>();

  apply(node: string, containers: readonly ContainerSample[], nodeSample: NodeSample): void {
    const samples = new Map<string, Point>([[node, point({ ...nodeSample, startSeconds: 0 })]]);
    for (const sample of containers) samples.set(`${node}/${sample.pod}/${sample.container}`, point(sample));
    for (const key of this.points.keys()) {
      if ((key === node || key.startsWith(`${node}/`)) && !samples.has(key)) this.points.delete(key);
    }
    for (const [key, next] of samples) {
      const { last, previous } = this.points.get(key) ?? {};
      this.points.set(key, { last: next, previous: this.previous(next, last, previous) });
    }
  }

  usage(key: string): { cpu: number; window: number; timestampMs: number; memory: number } | undefined {
    const { last, previous } = this.points.get(key) ?? {};
    if (!last || !previous || last.start < previous.start || last.cpu < previous.cpu) return undefined;
    const window = last.time - previous.time;
    const seconds = Number(window / 1_000_000_000n) + Number(window % 1_000_000_000n) / 1e9;
    const cpu = Math.trunc(Number(last.cpu - previous.cpu) / seconds);
    // Beyond metrics-server: more cores than a machine can have are no figure.
    if (cpu > 8192e9) return undefined;
    return {
      cpu,
      window: Number(window),
      timestampMs: Number(last.time / 1_000_000n),
      memory: Number(last.memory),
    };
  }

  pod(node: string, pod: string): PodUsage | undefined {
    const keys = [...this.points.keys()].filter(key => key.startsWith(`${node}/${pod}/`)).sort();
    const usages = keys.map(key => this.usage(key));
    if (usages.length === 0 || usages.includes(undefined)) return undefined;
    const oldest = usages.reduce((a, b) => (b!.timestampMs < a!.timestampMs ? b : a))!;
    return {
      timestampMs: oldest.timestampMs,
      windowNanoseconds: oldest.window,
      containers: keys.map((key, i) => ({ name: key.split('/')[2], cpuNanocores: usages[i]!.cpu, memoryBytes: usages[i]!.memory })),
    };
  }

  private previous(next: Point, last: Point | undefined, previous: Point | undefined): Point | undefined {
    const age = next.time - next.start;
    // Beyond metrics-server: what was seen before is not new.
    if (next.start !== last?.start && age >= 10_000_000_000n && age < RESOLUTION_NS) return { ...next, time: next.start, cpu: 0n };
    if (!last || (next.start !== last.start && next.start >= last.time)) return undefined;
    if (next.time > last.time) return last;
    return previous && previous.time < next.time ? previous : undefined;
  }
}

function point({ timestampMs, cpuSeconds, memoryBytes, startSeconds = 0 }: Omit<ContainerSample, 'pod' | 'container'>): Point {
  return {
    start: BigInt(Math.trunc(startSeconds * 1e9)),
    time: BigInt(timestampMs) * 1_000_000n,
    cpu: BigInt(Math.trunc(cpuSeconds! * 1e9)),
    memory: BigInt(memoryBytes!),
  };
}

/** Within the round that the page belongs to. */
const timestampMs = fc.nat({ max: 9_999 });
const cpuSeconds = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.double({ min: 1e-6, max: 1e9, noNaN: true }));
const memoryBytes = fc.integer({ min: 1, max: 2 ** 40 });
const containerSample = fc.record({
  pod: fc.constantFrom('web', 'db'),
  container: fc.constantFrom('app', 'sidecar'),
  timestampMs,
  cpuSeconds,
  memoryBytes,
  startSeconds: fc.oneof(
    fc.integer({ min: -20, max: 180 }).map(seconds => T0 / 1000 + seconds),
    fc.double({ min: T0 / 1000 - 30, max: T0 / 1000 + 180, noNaN: true }),
  ),
});
const page = fc.record({
  node: fc.constantFrom('a', 'b'),
  sample: fc.record({ timestampMs, cpuSeconds, memoryBytes }),
  containers: fc.uniqueArray(containerSample, { selector: ({ pod, container }) => `${pod}/${container}`, maxLength: 4 }),
});

test('of kubelets whose clocks run, the store serves what a naive implementation of metrics-server\'s rules serves', () => {
  fc.assert(fc.property(fc.array(page, { maxLength: 12 }), pages => {
    const clock = new ManualClock();
    const store = new MetricStore({ clock, random: Math.random, resolutionMs: 15_000 });
    const model = new ModelStore();
    for (const [round, { node, sample, containers }] of pages.entries()) {
      clock.advance(15_000);
      const inRound = <T extends NodeSample>(given: T): T => ({ ...given, timestampMs: T0 + round * 15_000 + given.timestampMs });
      // Each node has pods of its own; the store's rule for pods on two nodes is not metrics-server's.
      const own = containers.map(container => inRound({ ...container, pod: `${container.pod}-${node}` }));
      store.apply(node, pageOf(inRound(sample), own));
      model.apply(node, own, inRound(sample));
      for (const name of ['a', 'b']) {
        const expected = model.usage(name);
        expect(store.node(name)).toEqual(expected && {
          cpuNanocores: expected.cpu, memoryBytes: expected.memory, timestampMs: expected.timestampMs, windowNanoseconds: expected.window,
        });
        for (const pod of [`web-${name}`, `db-${name}`]) expect(whole(store.pod('default', pod))).toEqual(model.pod(name, pod));
      }
    }
  }), { numRuns: 1000 });
});

/** What metrics-server would serve: it has no pods in part. */
function whole(usage: PodUsage | undefined): PodUsage | undefined {
  return usage?.containers.some(({ cpuNanocores }) => cpuNanocores === undefined) ? undefined : usage;
}
