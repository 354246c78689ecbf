import * as fc from 'fast-check';
import { NodeRecord } from '../../../src/runtime/cluster/node';
import { PageConsumer } from '../../../src/runtime/scrape/kubelet';
import { KubeletClient } from '../../../src/runtime/scrape/kubelet-client';
import { ScrapeOutcome } from '../../../src/runtime/scrape/outcome';
import { ScrapeOutcomes } from '../../../src/runtime/scrape/outcomes';
import { ScrapeMetrics } from '../../../src/runtime/scrape/scrape-metrics';
import { Scraper } from '../../../src/runtime/scrape/scraper';
import { MetricStore } from '../../../src/runtime/store/metric-store';
import { silentLogger } from '../../../src/runtime/telemetry/logger';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { nodeRecordOf } from '../cluster/node-record';
import { ManualClock } from '../manual-clock';

const RESOLUTION_MS = 15_000;
const HOUSEKEEPING_MS = 10_000;
const LONG_AGO_MS = -3_600_000;

/** Started on the test's clock; looked at first a moment later, then every ten seconds. */
interface Thing {
  readonly startedMs: number;
  readonly firstLookMs: number;
}

/** A kubelet that says of its node and of one container what it saw when it last looked at each. */
class Kubelet implements KubeletClient {
  constructor(
    private readonly clock: ManualClock, private readonly epochMs: number, private readonly node: Thing, private readonly container: Thing,
  ) {}

  async fetch(node: NodeRecord, consume: PageConsumer): Promise<ScrapeOutcome> {
    const labels = '{container="app",namespace="default",pod="web"}';
    const series = (prefix: string, of: string, thing: Thing) => {
      const look = this.lastLookMs(thing);
      return look === undefined ? '' : `${prefix}_cpu_usage_seconds_total${of} ${(look - thing.startedMs) / 4000} ${this.epochMs + look}\n`
        + `${prefix}_memory_working_set_bytes${of} 1024 ${this.epochMs + look}\n`;
    };
    const start = this.now >= this.container.startedMs ? `container_start_time_seconds${labels} ${(this.epochMs + this.container.startedMs) / 1000}\n` : '';
    const page = series('node', '', this.node) + series('container', labels, this.container) + start;
    const failure = page === '' ? { reason: 'empty' as const, message: '' } : consume(Buffer.from(page), this.clock.now());
    return { node: node.name, address: 'a', startedMs: this.clock.now(), durationMs: 0, failure };
  }

  retain(): void {}
  close(): void {}

  private get now(): number {
    return this.clock.now() - this.epochMs;
  }

  private lastLookMs({ firstLookMs }: Thing): number | undefined {
    const looks = Math.floor((this.now - firstLookMs) / HOUSEKEEPING_MS);
    return looks < 0 ? undefined : firstLookMs + looks * HOUSEKEEPING_MS;
  }
}

/** Milliseconds from the runtime's start until there are figures of the container, and until it is ready; everything moves at a quarter core. */
async function firstFigures(node: Thing, container: Thing): Promise<{ podMs: number; readyMs: number; windowMs: number }> {
  const clock = new ManualClock(1_795_229_800_000);
  const epochMs = clock.now();
  const store = new MetricStore({ clock, random: Math.random, resolutionMs: RESOLUTION_MS });
  const nodes: NodeRecord[] = [nodeRecordOf('a')];
  const scraper = new Scraper({
    env: process.env,
    clock,
    random: Math.random,
    logger: silentLogger,
    nodes: { synced: true, size: 1, get: () => nodes[0], list: () => nodes },
    selector: { matches: () => true },
    client: new Kubelet(clock, epochMs, node, container),
    sink: store,
    outcomes: new ScrapeOutcomes(),
    metrics: new ScrapeMetrics(new MetricRegistry(), RESOLUTION_MS),
    resolutionMs: RESOLUTION_MS,
  });
  scraper.start();
  let podMs: number | undefined;
  let readyMs: number | undefined;
  let windowMs = 0;
  for (let ms = 0; ms < 90_000 && (podMs === undefined || readyMs === undefined); ms += 250) {
    for (let i = 0; i < 4; i++) await Promise.resolve();
    const usage = store.pod('default', 'web');
    if (usage && podMs === undefined) {
      podMs = ms;
      windowMs = usage.windowNanoseconds / 1e6;
      expect(usage.containers).toEqual([{ name: 'app', cpuNanocores: expect.any(Number), memoryBytes: 1024 }]);
      expect(Math.abs(usage.containers[0].cpuNanocores! - 2.5e8)).toBeLessThan(1000);
    }
    if (store.ready) readyMs ??= ms;
    clock.advance(250);
  }
  await scraper.stop();
  return { podMs: podMs ?? Infinity, readyMs: readyMs ?? Infinity, windowMs };
}

const anOldOne = fc.nat({ max: HOUSEKEEPING_MS - 1 }).map(ms => ({ startedMs: LONG_AGO_MS, firstLookMs: LONG_AGO_MS + ms }));

test('a runtime that starts has figures, and is ready, within 12 s: as soon as kubelets have looked once more', async () => {
  await fc.assert(fc.asyncProperty(anOldOne, anOldOne, async (node, container) => {
    const { podMs, readyMs } = await firstFigures(node, container);
    expect(podMs).toBeLessThanOrEqual(12_000);
    expect(readyMs).toBeLessThanOrEqual(12_000);
    expect(readyMs).toBeGreaterThanOrEqual(podMs);
  }), { numRuns: 100 });
});

test('a new container has figures within 12 s after its kubelet has shown two samples, over an honest window', async () => {
  const delay = fc.integer({ min: 1, max: HOUSEKEEPING_MS });
  await fc.assert(fc.asyncProperty(anOldOne, fc.nat({ max: 40_000 }), delay, async (node, startedMs, delayMs) => {
    const container = { startedMs, firstLookMs: startedMs + delayMs };
    const { podMs, windowMs } = await firstFigures(node, container);
    const secondLookMs = container.firstLookMs + HOUSEKEEPING_MS;
    expect(podMs).toBeLessThanOrEqual(secondLookMs + 12_000);
    expect(windowMs).toBeGreaterThanOrEqual(10_000);
    expect(windowMs).toBeLessThanOrEqual(2 * HOUSEKEEPING_MS);
  }), { numRuns: 100 });
});
