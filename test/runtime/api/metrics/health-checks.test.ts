import { metricsHealthChecks, MetricsHealthOptions } from '../../../../src/runtime/api/metrics/health-checks';
import { ManualClock } from '../../manual-clock';
import { goldenText } from '../golden';

const resolutionMs = 15_000;

function checks(options: Partial<MetricsHealthOptions> = {}) {
  const clock = new ManualClock();
  const start = clock.monotonic();
  const health = metricsHealthChecks({
    usage: { ready: true }, nodes: { synced: true }, pods: { synced: true }, lastCycleStartMs: () => start, resolutionMs, clock, ...options,
  });
  const failures = (endpoint: 'livez' | 'readyz' | 'healthz') =>
    Object.fromEntries(health[endpoint].map(check => [check.name, check.check()]).filter(([, reason]) => reason !== undefined));
  return { clock, health, failures };
}

/** Every API server has these; they are not ours to list. */
const generic = /^(ping|log|poststarthook\/.*|shutdown)$/;

test.each(['livez', 'readyz', 'healthz'] as const)('%s lists its checks in the order of metrics-server', endpoint => {
  const upstream = [...goldenText(`${endpoint}-verbose.txt`).matchAll(/^\[\+\](\S+) ok$/gm)].map(([, name]) => name);
  expect(checks().health[endpoint].map(check => check.name)).toEqual(upstream.filter(name => !generic.test(name)));
});

test('all is well when everything is read and collected in time', () => {
  const { failures } = checks();
  expect([failures('livez'), failures('readyz'), failures('healthz')]).toEqual([{}, {}, {}]);
});

test('not ready without metrics, but alive', () => {
  const { failures } = checks({ usage: { ready: false } });
  expect(failures('readyz')).toEqual({ 'metric-storage-ready': 'no metrics to serve' });
  expect(checks({ usage: { ready: false }, whyNoMetrics: () => '3 of 3 nodes fail: 3 dns' }).failures('readyz'))
    .toEqual({ 'metric-storage-ready': 'no metrics to serve: 3 of 3 nodes fail: 3 dns' });
  expect(failures('livez')).toEqual({});
});

test('what clients are told of a failure is what metrics-server v0.9.0 says, and names no node', () => {
  const { readyz, livez } = checks({ whyNoMetrics: () => 'node-1 fails' }).health;
  expect(readyz.map(({ name, told }) => [name, told])).toEqual([
    ['metric-storage-ready', 'no metrics to serve'],
    ['metric-informer-sync', 'cache for node informer has not synced'],
    ['metadata-informer-sync', '1 informers not started yet: [/v1, Resource=pods]'],
  ]);
  expect(livez[0].told).toBe('metric collection didn\'t finish on time');
});

test('nodes and pods must have been listed', () => {
  expect(checks({ nodes: { synced: false } }).failures('readyz')).toEqual({ 'metric-informer-sync': 'nodes are not listed yet' });
  expect(checks({ nodes: { synced: false } }).failures('livez')).toEqual({});
  const withoutPods = checks({ pods: { synced: false } });
  expect(withoutPods.failures('readyz')).toEqual({ 'metadata-informer-sync': 'pods are not listed yet' });
  // A restart would list nothing sooner.
  expect(withoutPods.failures('livez')).toEqual({});
  expect(withoutPods.failures('healthz')).toEqual({});
});

test('without the right to list pods, nodes are served', () => {
  expect(checks({ pods: { synced: false }, podsForbidden: () => true }).failures('readyz')).toEqual({});
  expect(checks({ pods: { synced: false }, podsForbidden: () => false }).failures('readyz')).toEqual({ 'metadata-informer-sync': 'pods are not listed yet' });
});

test('a collection may be late by half a resolution, not more', () => {
  const { clock, failures } = checks();
  clock.advance(1.5 * resolutionMs);
  expect(failures('livez')).toEqual({});
  clock.advance(1);
  expect(Object.keys(failures('livez'))).toEqual(['metric-collection-timely']);
  expect(failures('readyz')).toEqual({});
});

test('setting the clock of the machine makes nothing late', () => {
  const clock = { now: () => Number.MAX_SAFE_INTEGER, monotonic: () => 1000 };
  expect(checks({ clock, lastCycleStartMs: () => 1000 }).failures('livez')).toEqual({});
});

test('before the first collection nothing is late', () => {
  const { clock, failures } = checks({ lastCycleStartMs: () => undefined });
  clock.advance(10 * resolutionMs);
  expect(failures('livez')).toEqual({});
});
