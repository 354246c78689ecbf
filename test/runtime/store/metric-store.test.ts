import { ContainerSample, pageOf } from './pages';
import { DuplicatePod, MetricStore } from '../../../src/runtime/store/metric-store';
import { ContainerUsage } from '../../../src/runtime/store/usage';
import { ManualClock } from '../manual-clock';

const RESOLUTION_MS = 15_000;
const T0 = 1_795_229_800_000;

let clock: ManualClock;
let store: MetricStore;
let duplicates: DuplicatePod[];

beforeEach(() => {
  clock = new ManualClock(T0);
  duplicates = [];
  store = new MetricStore({ clock, random: Math.random, resolutionMs: RESOLUTION_MS, onDuplicatePod: duplicate => duplicates.push(duplicate) });
});

function node(round: number) {
  return { timestampMs: T0 + round * RESOLUTION_MS, cpuSeconds: 100 + round * 30, memoryBytes: 1000 + round };
}

function container(round: number, pod: string, name = 'app', { lateMs = 0, startSeconds = T0 / 1000 - 3600 } = {}): ContainerSample {
  const timestampMs = T0 + round * RESOLUTION_MS + lateMs;
  return { pod, container: name, timestampMs, cpuSeconds: 10 + round * 7.5, memoryBytes: 500 + round, startSeconds };
}

/** A page every resolution. */
function apply(nodeName: string, round: number, containers: readonly ContainerSample[] = []): void {
  store.apply(nodeName, pageOf(node(round), containers));
}

describe('nodes', () => {
  test('usage is the average between the last two pages', () => {
    apply('a', 0);
    expect(store.node('a')).toBeUndefined();
    apply('a', 1);
    expect(store.node('a')).toEqual({ cpuNanocores: 2e9, memoryBytes: 1001, timestampMs: T0 + RESOLUTION_MS, windowNanoseconds: 15e9 });
    expect(store.node('b')).toBeUndefined();
  });

  test('a counter beyond 2^53 nanoseconds, 104 days of CPU, is computed as Go does', () => {
    const at = (round: number, cpuSeconds: number) => store.apply('a', pageOf({ timestampMs: T0 + round * 15_001, cpuSeconds, memoryBytes: 1 }, []));
    at(0, 98765432.123456789);
    at(1, 98765447.623456789);
    // (98765447623456784 - 98765432123456784) / 15.001
    expect(store.node('a')).toMatchObject({ cpuNanocores: 1033264449, windowNanoseconds: 15_001_000_000 });
  });

  test('a page without the node takes its usage away, not its pods\', until the next page', () => {
    apply('a', 0, [container(0, 'web')]);
    apply('a', 1, [container(1, 'web')]);
    store.apply('a', pageOf(undefined, [container(2, 'web')]));
    expect(store.node('a')).toBeUndefined();
    expect(store.pod('default', 'web')).toBeDefined();
    apply('a', 3, [container(3, 'web')]);
    expect(store.node('a')).toMatchObject({ cpuNanocores: 2e9, windowNanoseconds: 30e9 });
  });
});

describe('swap', () => {
  const round = (index: number, swapBytes: number | undefined) => (
    store.apply('a', pageOf({ ...node(index), swapBytes }, [{ ...container(index, 'web'), swapBytes }, container(index, 'web', 'sidecar')]))
  );
  const served = () => ({ node: store.node('a')!.swapBytes, containers: store.pod('default', 'web')!.containers.map(({ swapBytes }) => swapBytes) });

  test('is that of the last page, of what the kubelet reports it', () => {
    round(0, 4096);
    round(1, 8192);
    expect(served()).toEqual({ node: 8192, containers: [8192, undefined] });
    expect(store.pod('default', 'web')!.timestampMs).toBe(T0 + RESOLUTION_MS);
    round(2, 0);
    expect(served()).toEqual({ node: 0, containers: [0, undefined] });
    round(3, undefined);
    expect(served()).toEqual({ node: undefined, containers: [undefined, undefined] });
  });

  test('goes with the memory: a kubelet that does not look any more says nothing of either', () => {
    round(0, 4096);
    round(1, 8192);
    for (const index of [2, 3, 4, 5, 6]) {
      clock.advance(RESOLUTION_MS);
      store.apply('a', pageOf(node(index), [{ ...container(1, 'web'), swapBytes: 8192 }, container(index, 'web', 'sidecar')]));
    }
    expect(store.pod('default', 'web')!.containers).toEqual([{ name: 'app' }, expect.objectContaining({ name: 'sidecar', memoryBytes: 506 })]);
  });

  test('is not kept where nobody asks for it', () => {
    store = new MetricStore({ clock, random: Math.random, resolutionMs: RESOLUTION_MS, keepsSwap: false });
    round(0, 4096);
    round(1, 8192);
    expect(served()).toEqual({ node: undefined, containers: [undefined, undefined] });
  });

  test('is forgotten with its container', () => {
    round(0, 4096);
    store.apply('a', pageOf(node(1), []));
    for (const index of [2, 3]) apply('a', index, [container(index, 'other')]);
    expect(store.pod('default', 'other')!.containers).toEqual([expect.objectContaining({ name: 'app', swapBytes: undefined })]);
  });
});

describe('where pods are', () => {
  test('is the node whose kubelet reports them', () => {
    apply('a', 0, [container(0, 'web-2'), container(0, 'web-1'), container(0, 'web-1', 'sidecar')]);
    apply('b', 0, [container(0, 'api')]);
    expect(store.podsOn('a')).toEqual([{ namespace: 'default', name: 'web-1' }, { namespace: 'default', name: 'web-2' }]);
    expect(store.podsOn('nowhere')).toEqual([]);
    expect(store.nodeOf('default', 'api')).toBe('b');
    expect(store.nodeOf('default', 'nothing')).toBeUndefined();
    apply('a', 1, [container(1, 'web-2')]);
    expect(store.podsOn('a')).toEqual([{ namespace: 'default', name: 'web-2' }]);
  });
});

describe('pods', () => {
  test('containers are sorted by name, time and window are those of the oldest sample', () => {
    for (const round of [0, 1]) {
      apply('a', round, [container(round, 'web', 'sidecar', { lateMs: 10 }), container(round, 'web', 'app', { lateMs: round * 500 }), container(round, 'web', 'init')]);
    }
    expect(store.pod('default', 'web')).toEqual({
      timestampMs: T0 + RESOLUTION_MS,
      windowNanoseconds: 15e9,
      containers: [
        { name: 'app', cpuNanocores: Math.trunc(7.5e9 / 15.5), memoryBytes: 501 },
        { name: 'init', cpuNanocores: 5e8, memoryBytes: 501 },
        { name: 'sidecar', cpuNanocores: 5e8, memoryBytes: 501 },
      ],
    });
    expect(store.pod('kube-system', 'web')).toBeUndefined();
    expect(store.pod('default', 'we')).toBeUndefined();
    expect(store.pod('default', '')).toBeUndefined();
  });

  test.each<[string, Partial<ContainerSample>, Partial<ContainerUsage>]>([
    ['no CPU', { cpuSeconds: undefined }, { memoryBytes: 502 }],
    ['CPU 0', { cpuSeconds: 0 }, { memoryBytes: 502 }],
    ['CPU that is no number', { cpuSeconds: NaN }, { memoryBytes: 502 }],
    ['CPU below zero', { cpuSeconds: -1 }, { memoryBytes: 502 }],
    ['no memory', { memoryBytes: undefined }, { cpuNanocores: 5e8 }],
    ['memory 0 while it computes', { memoryBytes: 0 }, { cpuNanocores: 5e8 }],
    ['memory 0 while it does nothing', { memoryBytes: 0, cpuSeconds: 17.5 }, { cpuNanocores: 0, memoryBytes: 0 }],
    ['no statistics', { cpuSeconds: 0, memoryBytes: 0 }, {}],
    ['only a start', { cpuSeconds: undefined, memoryBytes: undefined }, {}],
    ['a counter that went back', { cpuSeconds: 1 }, { memoryBytes: 502 }],
    ['no rate since it restarted', { startSeconds: T0 / 1000 + 29 }, { memoryBytes: 502 }],
    ['too many cores', { cpuSeconds: 1e6 }, { memoryBytes: 502 }],
  ])('a container with %s hides no sibling, and is listed with what is known of it', (_, change, known) => {
    for (const round of [0, 1]) apply('a', round, [container(round, 'web', 'app'), container(round, 'web', 'bad')]);
    apply('a', 2, [container(2, 'web', 'app'), { ...container(2, 'web', 'bad'), ...change }]);
    expect(store.pod('default', 'web')).toEqual({
      timestampMs: T0 + 2 * RESOLUTION_MS,
      windowNanoseconds: 15e9,
      containers: [
        { name: 'app', cpuNanocores: 5e8, memoryBytes: 502 },
        { cpuNanocores: undefined, memoryBytes: undefined, ...known, name: 'bad' },
      ],
    });
    apply('a', 3, [container(3, 'web', 'app')]);
    expect(store.pod('default', 'web')).toMatchObject({ windowNanoseconds: 15e9, containers: [{ name: 'app', cpuNanocores: 5e8 }] });
  });

  test('a pod none of whose containers has a rate is not served', () => {
    for (const round of [0, 1]) apply('a', round, [container(round, 'web')]);
    apply('a', 2, [container(2, 'web', 'app', { startSeconds: T0 / 1000 + 29 })]);
    expect(store.pod('default', 'web')).toBeUndefined();
  });

  test('a container that the page no longer holds is gone at once, and so is a pod', () => {
    for (const round of [0, 1]) apply('a', round, [container(round, 'web'), container(round, 'db'), container(round, 'db', 'sidecar')]);
    apply('a', 2, [container(2, 'db')]);
    expect(store.pod('default', 'web')).toBeUndefined();
    expect(store.pod('default', 'db')?.containers.map(({ name }) => name)).toEqual(['app']);
    apply('a', 3, [container(3, 'db'), container(3, 'web')]);
    expect(store.pod('default', 'web')).toBeUndefined();
  });

  test('containers in another order are the same containers', () => {
    apply('a', 0, [container(0, 'a'), container(0, 'b'), container(0, 'c')]);
    apply('a', 1, [container(1, 'c'), container(1, 'new'), container(1, 'a'), container(1, 'b')]);
    for (const pod of ['a', 'b', 'c']) expect(store.pod('default', pod)).toBeDefined();
  });
});

describe('failed scrapes', () => {
  test('they erase nothing for two resolutions, and the first good page after them gives a rate', () => {
    apply('a', 0, [container(0, 'web')]);
    apply('a', 1, [container(1, 'web')]);
    clock.advance(2 * RESOLUTION_MS);
    store.evict();
    expect(store.node('a')).toMatchObject({ timestampMs: T0 + RESOLUTION_MS });
    expect(store.pod('default', 'web')).toMatchObject({ timestampMs: T0 + RESOLUTION_MS });
    apply('a', 3, [container(3, 'web')]);
    expect(store.node('a')).toMatchObject({ timestampMs: T0 + 3 * RESOLUTION_MS, windowNanoseconds: 30e9 });
  });

  test('after that the node and its pods are gone, and others are not', () => {
    for (const round of [0, 1]) {
      apply('a', round, [container(round, 'web')]);
      apply('b', round, [container(round, 'db')]);
    }
    clock.advance(2 * RESOLUTION_MS);
    apply('b', 2, [container(2, 'db')]);
    clock.advance(1);
    store.evict();
    expect(store.node('a')).toBeUndefined();
    expect(store.pod('default', 'web')).toBeUndefined();
    expect(store.node('b')).toBeDefined();
    expect(store.pod('default', 'db')).toBeDefined();
    expect(store.points()).toEqual({ nodes: 1, containers: 1 });
  });
});

describe('nodes that go', () => {
  test('a forgotten node leaves nothing behind for one of the same name', () => {
    for (const round of [0, 1]) apply('a', round, [container(round, 'web')]);
    store.forgetNode('a');
    expect(store.points()).toEqual({ nodes: 0, containers: 0 });
    apply('a', 2, [container(2, 'web')]);
    expect(store.node('a')).toBeUndefined();
    expect(store.pod('default', 'web')).toBeUndefined();
  });

  test('forgetting an unknown node is harmless', () => {
    expect(() => store.forgetNode('a')).not.toThrow();
  });
});

describe('a pod on two nodes', () => {
  const started = (startSeconds: number) => ({ startSeconds });

  test('the one is believed where a container was started last', () => {
    for (const round of [0, 1]) apply('old', round, [container(round, 'web', 'app', started(1000)), container(round, 'other')]);
    for (const round of [1, 2]) apply('new', round, [container(round, 'web', 'app', started(2000))]);
    apply('old', 2, [container(2, 'web', 'app', started(1000)), container(2, 'other')]);
    expect(store.pod('default', 'web')).toMatchObject({ timestampMs: T0 + 2 * RESOLUTION_MS, windowNanoseconds: 15e9 });
    expect(store.pod('default', 'other')).toBeDefined();
    store.forgetNode('old');
    expect(store.pod('default', 'web')).toBeDefined();
    store.forgetNode('new');
    expect(store.pod('default', 'web')).toBeUndefined();
  });

  test('a start that is still to come takes a pod from nobody, alone or beside another', () => {
    const future = T0 / 1000 + 61;
    for (const round of [0, 1]) apply('a', round, [container(round, 'web')]);
    for (const round of [1, 2]) {
      apply('b', round, [container(round, 'web', 'app', started(future))]);
      apply('b', round, [container(round, 'web', 'app', started(T0 / 1000)), container(round, 'web', 'sidecar', started(future))]);
    }
    expect(store.pod('default', 'web')).toMatchObject({ timestampMs: T0 + RESOLUTION_MS });
    expect(duplicates).toEqual([{ pod: 'default/web', node: 'a', otherNode: 'b' }]);
  });

  test('nor does it keep one', () => {
    for (const round of [0, 1]) apply('a', round, [container(round, 'web', 'app', started(T0 / 1000 + 86_400))]);
    for (const round of [1, 2]) apply('b', round, [container(round, 'web')]);
    expect(store.pod('default', 'web')).toMatchObject({ timestampMs: T0 + 2 * RESOLUTION_MS });
  });

  test('clocks of nodes may be a minute ahead', () => {
    for (const round of [0, 1]) apply('old', round, [container(round, 'web')]);
    for (const round of [5, 6]) apply('new', round, [container(round, 'web', 'app', started(T0 / 1000 + 59))]);
    expect(store.pod('default', 'web')).toMatchObject({ timestampMs: T0 + 6 * RESOLUTION_MS });
  });

  test('its samples are never mixed: the new one begins without a rate', () => {
    for (const round of [0, 1]) apply('old', round, [container(round, 'web', 'app', started(1000))]);
    apply('new', 2, [container(2, 'web', 'app', started(2000))]);
    expect(store.pod('default', 'web')).toBeUndefined();
  });

  test('with equal starts the present owner stays, until it no longer reports the pod', () => {
    for (const round of [0, 1]) apply('a', round, [container(round, 'web')]);
    apply('b', 1, [container(1, 'web')]);
    expect(store.pod('default', 'web')).toBeDefined();
    apply('a', 2, []);
    expect(store.pod('default', 'web')).toBeUndefined();
    for (const round of [2, 3]) apply('b', round, [container(round, 'web')]);
    expect(store.pod('default', 'web')).toBeDefined();
  });

  test('one that has gone from a node and comes up on another is nobody\'s duplicate', () => {
    const unstarted = (round: number) => ({ ...container(round, 'web'), startSeconds: undefined });
    apply('a', 0, [unstarted(0)]);
    apply('a', 1);
    for (const round of [1, 2]) apply('b', round, [unstarted(round)]);
    expect(store.pod('default', 'web')).toBeDefined();
    expect(duplicates).toEqual([]);
  });

  test('a container that only the other node has does not join the pod', () => {
    for (const round of [0, 1]) apply('a', round, [container(round, 'web')]);
    for (const round of [0, 1]) apply('b', round, [container(round, 'web', 'stranger')]);
    expect(store.pod('default', 'web')?.containers.map(({ name }) => name)).toEqual(['app']);
  });

  test('it is reported once', () => {
    for (const round of [0, 1]) apply('a', round, [container(round, 'web')]);
    for (const round of [0, 1, 2]) apply('b', round, [container(round, 'web')]);
    store.evict();
    apply('b', 3, [container(3, 'web')]);
    expect(duplicates).toEqual([{ pod: 'default/web', node: 'a', otherNode: 'b' }]);
  });
});

describe('readiness', () => {
  test('it takes a node and a pod that can be served', () => {
    expect(store.ready).toBe(false);
    apply('a', 0, [container(0, 'web')]);
    expect(store.ready).toBe(false);
    apply('a', 1);
    expect(store.ready).toBe(false);
    apply('a', 2, [container(2, 'web')]);
    apply('a', 3, [container(3, 'web')]);
    expect(store.ready).toBe(true);
    clock.advance(2 * RESOLUTION_MS + 1);
    store.evict();
    expect(store.ready).toBe(false);
  });
});

describe('whether another page soon would give rates that there are not', () => {
  const page = (round: number, containers: readonly ContainerSample[]) => {
    clock.advance(RESOLUTION_MS);
    return store.apply('a', pageOf(node(round), containers));
  };
  const unseen = (round: number) => ({ ...container(round, 'web', 'new'), cpuSeconds: undefined, memoryBytes: undefined });

  test('it would, as long as something has one sample', () => {
    expect([page(0, []), page(1, []), page(2, [container(2, 'web')]), page(3, [container(3, 'web')])]).toEqual([true, false, true, false]);
  });

  test('or has started and was not looked at, for a minute', () => {
    expect([0, 1, 2, 3, 4, 5].map(round => page(round, [unseen(round)]))).toEqual([true, true, true, true, true, false]);
    expect(page(6, [container(6, 'web', 'new')])).toBe(true);
  });

  test('but not of what has memory alone', () => {
    const withoutCpu = (round: number) => ({ ...container(round, 'web'), cpuSeconds: undefined });
    expect([0, 1, 2].map(round => page(round, [withoutCpu(round)]))).toEqual([true, false, false]);
  });

  test('but not of what stands still at zero', () => {
    const zero = (round: number) => ({ ...container(round, 'web'), cpuSeconds: 0, memoryBytes: 0 });
    expect([0, 1, 2].map(round => page(round, [zero(round)]))).toEqual([true, false, false]);
  });
});
