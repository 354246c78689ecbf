import { closeSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { registerProcessMetrics } from '../../../src/runtime/telemetry/process-metrics';
import { ManualClock } from '../manual-clock';

const NOW_MS = 1_800_000_000_000;

function read(registry: MetricRegistry): Record<string, number> {
  const samples = registry.render().split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(samples.map((sample) => {
    const at = sample.lastIndexOf(' ');
    return [sample.slice(0, at), Number(sample.slice(at + 1))];
  }));
}

function burnCpu(ms: number): void {
  const start = process.cpuUsage();
  for (let spent = 0; spent < ms * 1_000; spent = process.cpuUsage(start).user) {
    JSON.stringify(process.env);
  }
}

test('a scrape tells of the process as it is now', () => {
  const registry = new MetricRegistry();
  registerProcessMetrics(registry, new ManualClock(NOW_MS));
  const before = read(registry);
  burnCpu(20);
  const after = read(registry);

  expect(after.process_cpu_seconds_total - before.process_cpu_seconds_total).toBeGreaterThanOrEqual(0.02);
  expect(after.process_cpu_seconds_total).toBeCloseTo(process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6, 0);
  expect(after.process_resident_memory_bytes).toBeGreaterThan(10 * 2 ** 20);
  expect(after.nodejs_heap_size_used_bytes).toBeLessThanOrEqual(after.nodejs_heap_size_total_bytes);
  expect(after.process_start_time_seconds).toBeCloseTo(NOW_MS / 1_000 - process.uptime(), 0);
  expect(after.nodejs_eventloop_active_seconds_total).toBeGreaterThanOrEqual(before.nodejs_eventloop_active_seconds_total);
  expect(after[`nodejs_version_info{version="${process.version}"}`]).toBe(1);
});

(process.platform === 'linux' ? test : test.skip)('open file descriptors', () => {
  const registry = new MetricRegistry();
  registerProcessMetrics(registry, new ManualClock(NOW_MS));
  const before = read(registry).process_open_fds;
  // The listing also names the descriptor it is read through, which is closed by then.
  expect(before).toBe(readdirSync('/proc/self/fd').filter((fd) => lstatSync(`/proc/self/fd/${fd}`, { throwIfNoEntry: false })).length);
  const file = openSync('/dev/null', 'r');
  try {
    expect(read(registry).process_open_fds).toBe(before + 1);
  } finally {
    closeSync(file);
  }
});
