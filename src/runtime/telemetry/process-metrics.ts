import { readdirSync } from 'node:fs';
import { Clock } from '../clock';
import { MetricRegistry } from './metric-registry';

const MICROSECONDS_PER_SECOND = 1e6;
const MS_PER_SECOND = 1e3;

/** What every Prometheus client tells about its process, read when asked for. Nothing here measures between scrapes. */
export function registerProcessMetrics(registry: MetricRegistry, clock: Clock): void {
  registerCpu(registry);
  registerMemory(registry);
  registerEventLoop(registry);
  registerOpenFiles(registry);
  registry.gauge({ name: 'process_start_time_seconds', help: 'Unix time at which the process started, in seconds.' })
    .set({}, clock.now() / MS_PER_SECOND - process.uptime());
  registry.gauge({ name: 'nodejs_version_info', help: 'Version of Node.js.', labelNames: ['version'] }).set({ version: process.version }, 1);
}

function registerCpu(registry: MetricRegistry): void {
  follow(registry, 'process_cpu_seconds_total', 'CPU time spent in user and system mode, in seconds.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / MICROSECONDS_PER_SECOND;
  });
}

function registerMemory(registry: MetricRegistry): void {
  const resident = registry.gauge({ name: 'process_resident_memory_bytes', help: 'Memory of the process that is in RAM, in bytes.' });
  const heapTotal = registry.gauge({ name: 'nodejs_heap_size_total_bytes', help: 'Size of the JavaScript heap in bytes.' });
  const heapUsed = registry.gauge({ name: 'nodejs_heap_size_used_bytes', help: 'Used part of the JavaScript heap in bytes.' });
  const external = registry.gauge({ name: 'nodejs_external_memory_bytes', help: 'Memory of buffers outside of the JavaScript heap in bytes.' });
  registry.collect(() => {
    const usage = process.memoryUsage();
    resident.set({}, usage.rss);
    heapTotal.set({}, usage.heapTotal);
    heapUsed.set({}, usage.heapUsed);
    external.set({}, usage.external);
  });
}

/** The share of active time says how near the one thread is to its limit. */
function registerEventLoop(registry: MetricRegistry): void {
  follow(registry, 'nodejs_eventloop_active_seconds_total', 'Time the event loop was busy in seconds.',
    () => performance.eventLoopUtilization().active / MS_PER_SECOND);
  follow(registry, 'nodejs_eventloop_idle_seconds_total', 'Time the event loop waited for events in seconds.',
    () => performance.eventLoopUtilization().idle / MS_PER_SECOND);
}

/** Linux only: elsewhere the family would be a lie. */
function registerOpenFiles(registry: MetricRegistry): void {
  if (process.platform === 'linux') {
    const openFiles = registry.gauge({ name: 'process_open_fds', help: 'File descriptors that are open.' });
    // Reading the directory opens one more.
    registry.collect(() => openFiles.set({}, readdirSync('/proc/self/fd').length - 1));
  }
}

/** A counter that grows to what a reading says. */
function follow(registry: MetricRegistry, name: string, help: string, read: () => number): void {
  const counter = registry.counter({ name, help });
  let counted = 0;
  registry.collect(() => {
    const growth = Math.max(0, read() - counted);
    counter.inc({}, growth);
    counted += growth;
  });
}
