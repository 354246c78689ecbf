import { cpuSecondsOf, createFleet, HOUSEKEEPING_INTERVAL_MS, readNodeStats } from './fleet';

const EPOCH_MS = Date.parse('2026-01-01T00:00:00Z');

test('the same numbers give the same cluster, of the size asked for, every pod with a name of its own', () => {
  const fleet = createFleet({ nodes: 7, pods: 5000, epochMs: EPOCH_MS });
  expect(createFleet({ nodes: 7, pods: 5000, epochMs: EPOCH_MS })).toEqual(fleet);
  expect(fleet).toHaveLength(7);
  const names = fleet.flatMap(({ pods }) => pods).map(({ namespace, name }) => `${namespace}/${name}`);
  expect(names).toHaveLength(5000);
  expect(new Set(names).size).toBe(5000);
});

test('CPU is counted: it never falls, and over a period it grows by its mean', () => {
  const load = { meanCores: 0.2, swing: 0.8, periodSeconds: 60, phase: 1, memoryBytes: 1 };
  const counted = Array.from({ length: 121 }, (_, second) => cpuSecondsOf(load, 0, second * 1000));
  counted.slice(1).forEach((value, index) => expect(value).toBeGreaterThan(counted[index]));
  expect(counted[60]).toBeCloseTo(12);
  // Usage moves: seconds differ by more than half of the mean.
  const perSecond = counted.slice(1).map((value, index) => value - counted[index]);
  expect(Math.max(...perSecond) - Math.min(...perSecond)).toBeGreaterThan(0.1);
});

test('a container is looked at every ten seconds, each at its own moment', () => {
  const [node] = createFleet({ nodes: 1, pods: 12, epochMs: EPOCH_MS });
  const sampledAt = (nowMs: number) => readNodeStats(node, nowMs).pods
    .flatMap(({ containers }) => containers)
    .map(({ sample }) => sample!.timestampMs);
  const before = sampledAt(EPOCH_MS);
  expect(new Set(before).size).toBeGreaterThan(10);
  before.forEach((timestampMs) => {
    expect(EPOCH_MS - timestampMs).toBeGreaterThanOrEqual(0);
    expect(EPOCH_MS - timestampMs).toBeLessThan(HOUSEKEEPING_INTERVAL_MS);
  });
  expect(sampledAt(EPOCH_MS + HOUSEKEEPING_INTERVAL_MS)).toEqual(before.map((timestampMs) => timestampMs + HOUSEKEEPING_INTERVAL_MS));
});

test('a node uses at least what its containers use', () => {
  const [node] = createFleet({ nodes: 1, pods: 12, epochMs: EPOCH_MS });
  const { sample, pods } = readNodeStats(node, EPOCH_MS);
  const containers = pods.flatMap((pod) => pod.containers).map((container) => container.sample!.memoryBytes);
  expect(sample.memoryBytes).toBeGreaterThan(containers.reduce((sum, bytes) => sum + bytes, 0));
});
