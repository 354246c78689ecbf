import { PAGE } from './loopback-kubelet';
import { Lister } from '../../../src/runtime/cluster/lister';
import { NodeRecord } from '../../../src/runtime/cluster/node';
import { ClockReading } from '../../../src/runtime/scrape/clock-reading';
import { PageConsumer } from '../../../src/runtime/scrape/kubelet';
import { KubeletClient } from '../../../src/runtime/scrape/kubelet-client';
import { ScrapeFailure, ScrapeOutcome } from '../../../src/runtime/scrape/outcome';
import { ScrapeOutcomes } from '../../../src/runtime/scrape/outcomes';
import { ScrapeMetrics } from '../../../src/runtime/scrape/scrape-metrics';
import { Scraper } from '../../../src/runtime/scrape/scraper';
import { Logger } from '../../../src/runtime/telemetry/logger';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { nodeRecordOf as nodeOf } from '../cluster/node-record';
import { ManualClock } from '../manual-clock';

const RESOLUTION_MS = 15_000;
const READING: ClockReading = { leastAheadMs: 1000, mostAheadMs: 2020 };
const REFUSED: ScrapeFailure = { reason: 'refused', message: 'connect ECONNREFUSED' };

/** Answers at once with a page, with a failure, or not before it is told to. */
class FakeKubelets implements KubeletClient {
  readonly fetched: string[] = [];
  readonly machines: string[] = [];
  readonly answers = new Map<string, string | ScrapeFailure | 'hang'>();
  readonly hanging = new Map<string, () => void>();
  retained: ReadonlySet<string> = new Set();
  closed = false;

  constructor(private readonly clock: ManualClock) {}

  async fetch(node: NodeRecord, consume: PageConsumer): Promise<ScrapeOutcome | undefined> {
    this.fetched.push(node.name);
    this.machines.push(node.machine);
    const answer = this.answers.get(node.name) ?? PAGE;
    if (answer === 'hang') await new Promise<void>(resolve => this.hanging.set(node.name, resolve));
    if (this.closed || !this.retained.has(node.name)) return undefined;
    const failure = typeof answer === 'object' ? answer : consume(Buffer.from(answer === 'hang' ? PAGE : answer), this.clock.now(), READING);
    return { node: node.name, address: `${node.name}:10250`, startedMs: this.clock.now(), durationMs: 20, failure };
  }

  retain(nodes: ReadonlySet<string>): void {
    this.retained = nodes;
    for (const [name, end] of this.hanging) {
      if (!nodes.has(name)) end();
    }
  }

  close(): void {
    this.closed = true;
    for (const end of this.hanging.values()) end();
  }
}

let clock: ManualClock;
let kubelets: FakeKubelets;
let nodes: NodeRecord[];
let synced: boolean;
let applied: string[];
let readings: (ClockReading | undefined)[];
let awaitingRates: Set<string>;
let log: string[];
let outcomes: ScrapeOutcomes;
let changed: string[];
/** Pages there were each time that old ones were dropped. */
let evicted: number[];
let registry: MetricRegistry;
let scraper: Scraper;
let isAsked: boolean;

function nodeRegistry(): Lister<NodeRecord> {
  const get = (_: string, name: string) => nodes.find((node) => node.name === name);
  return { get synced() { return synced; }, get size() { return nodes.length; }, get, list: () => nodes };
}

beforeEach(() => {
  clock = new ManualClock();
  kubelets = new FakeKubelets(clock);
  nodes = [nodeOf('a'), nodeOf('b')];
  synced = true;
  isAsked = true;
  applied = [];
  readings = [];
  awaitingRates = new Set();
  log = [];
  changed = [];
  evicted = [];
  outcomes = new ScrapeOutcomes();
  registry = new MetricRegistry();
  const line = (severity: string): Logger['info'] => (message, fields) => { log.push(`${severity} ${message} ${fields?.node ?? ''} ${fields?.reason ?? ''}`.trim()); };
  scraper = new Scraper({
    env: process.env,
    clock,
    random: Math.random,
    logger: { info: line('I'), warn: line('W'), error: line('E'), verbose: (level, message, fields) => level === 4 && line('V4')(message, fields) },
    nodes: nodeRegistry(),
    selector: { matches: labels => labels.ignored === undefined },
    client: kubelets,
    sink: {
      apply(node, _page, reading) {
        applied.push(node);
        readings.push(reading);
        return awaitingRates.has(node);
      },
      forgetNode: node => applied.push(`-${node}`),
      evict: () => void evicted.push(applied.length),
    },
    outcomes,
    onChange: ({ node, failure }) => changed.push(`${node} ${failure?.reason ?? 'ok'}`),
    metrics: new ScrapeMetrics(registry, RESOLUTION_MS),
    resolutionMs: RESOLUTION_MS,
    isAsked: () => isAsked,
  });
});

afterEach(() => scraper.stop());

/** Lets time pass, and what it sets off come to its end. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
}

test('a page is handed on with what its answer says of the node\'s clock', async () => {
  scraper.start();
  await pass(RESOLUTION_MS - 1);
  expect(readings).toEqual([READING, READING]);
});

describe('cycles', () => {
  test('what is too old is dropped when the answers of a cycle are in, so that a retention of one resolution leaves no gap', async () => {
    scraper.start();
    await pass(0);
    await pass(RESOLUTION_MS);
    expect(evicted).toEqual([2, 4]);
  });

  test('the first is at once, then one every resolution', async () => {
    scraper.start();
    await pass(0);
    expect(applied).toEqual(['a', 'b']);
    expect(scraper.lastCycleStartMs).toBe(clock.monotonic());
    await pass(RESOLUTION_MS - 1);
    expect(applied).toHaveLength(2);
    await pass(1);
    expect(applied).toHaveLength(4);
    expect(scraper.lastCycleStartMs).toBe(clock.monotonic());
  });

  test('a timer that goes off a moment early begins its cycle, and no second one', async () => {
    const after = clock.after.bind(clock);
    clock.after = (delayMs, callback) => after(delayMs === RESOLUTION_MS ? delayMs - 0.4 : delayMs, callback);
    scraper.start();
    await pass(0);
    await pass(RESOLUTION_MS);
    await pass(RESOLUTION_MS);
    expect(applied).toHaveLength(6);
    expect(registry.render()).not.toMatch(/^metrics_server_kubelet_request_skipped_total [1-9]/m);
  });

  test('the first waits until the nodes are known', async () => {
    synced = false;
    scraper.start();
    await pass(5000);
    expect([applied, scraper.lastCycleStartMs]).toEqual([[], undefined]);
    synced = true;
    await pass(100);
    expect(applied).toEqual(['a', 'b']);
  });

  test('nodes that the selector leaves out are not scraped', async () => {
    nodes = [nodeOf('a'), nodeOf('b', { labels: { values: { ignored: '1' }, json: undefined } })];
    scraper.start();
    await pass(0);
    expect(applied).toEqual(['a']);
  });

  test('many nodes are asked over four seconds, and no more than a few in a millisecond', async () => {
    nodes = Array.from({ length: 1000 }, (_, i) => nodeOf(`node-${i}`));
    scraper.start();
    const asked: number[] = [];
    for (let ms = 0; ms < 4000; ms++) {
      const before = applied.length;
      await pass(ms === 0 ? 0 : 1);
      asked.push(applied.length - before);
    }
    expect(Math.max(...asked)).toBeLessThanOrEqual(4);
    const firstHalf = asked.slice(0, 2000).reduce((sum, count) => sum + count);
    expect(firstHalf).toBeGreaterThan(400);
    expect(firstHalf).toBeLessThan(700);
    expect(new Set(applied).size).toBe(1000);
    expect(applied).toHaveLength(1000);
  });

  test('while nobody asks for metrics, a batch is asked as fast as it answers', async () => {
    nodes = Array.from({ length: 1000 }, (_, i) => nodeOf(`node-${i}`));
    isAsked = false;
    scraper.start();
    await pass(0);
    expect(applied.length).toBeGreaterThan(32);
  });

  test('a request of the cycle before still under way is not joined by another', async () => {
    kubelets.answers.set('a', 'hang');
    scraper.start();
    await pass(0);
    await pass(RESOLUTION_MS);
    expect(kubelets.fetched).toEqual(['a', 'b', 'b']);
    expect(registry.render()).toMatch(/^metrics_server_kubelet_request_skipped_total 1$/m);
    kubelets.hanging.get('a')!();
    await pass(0);
    await pass(RESOLUTION_MS);
    expect(kubelets.fetched).toEqual(['a', 'b', 'b', 'a', 'b']);
  });

  test('hundreds of kubelets that hang do not keep the others waiting', async () => {
    nodes = [...Array.from({ length: 300 }, (_, i) => nodeOf(`hanging-${i}`)), nodeOf('good')];
    for (let i = 0; i < 300; i++) kubelets.answers.set(`hanging-${i}`, 'hang');
    scraper.start();
    await pass(10_000);
    expect(applied).toEqual(['good']);
  });
});

test('cycles begin on time, which is what liveness asks, though every kubelet hangs', async () => {
  nodes = Array.from({ length: 300 }, (_, i) => nodeOf(`hanging-${i}`));
  nodes.forEach(({ name }) => kubelets.answers.set(name, 'hang'));
  scraper.start();
  for (let cycle = 0; cycle < 5; cycle++) {
    await pass(cycle === 0 ? 0 : RESOLUTION_MS);
    expect(scraper.lastCycleStartMs).toBe(clock.monotonic());
  }
});

describe('a node that shows something for the first time', () => {
  test('is asked again after ten seconds, and others are not', async () => {
    awaitingRates.add('a');
    scraper.start();
    await pass(10_000);
    expect(applied).toEqual(['a', 'b']);
    awaitingRates.delete('a');
    await pass(250);
    expect(applied).toEqual(['a', 'b', 'a']);
    await pass(RESOLUTION_MS - 10_250);
    expect(applied).toEqual(['a', 'b', 'a', 'a', 'b']);
    await pass(RESOLUTION_MS - 1);
    expect(applied).toHaveLength(5);
  });

  test('is not when it has gone since, or is being asked', async () => {
    nodes = [nodeOf('a'), nodeOf('b'), nodeOf('c')];
    awaitingRates = new Set(['a', 'b']);
    for (const name of ['a', 'b']) kubelets.answers.set(name, 'hang');
    scraper.start();
    await pass(8_000);
    for (const name of ['a', 'b']) kubelets.hanging.get(name)!();
    await pass(RESOLUTION_MS - 8_000 - 1);
    nodes = [nodeOf('a'), nodeOf('c')];
    await pass(1);
    expect(applied).toEqual(['c', 'a', 'b', '-b', 'c']);
    kubelets.fetched.length = 0;
    await pass(RESOLUTION_MS - 1);
    expect(kubelets.fetched).toEqual([]);
  });

  test('is asked as the machine that has its name now, of which nothing from before counts', async () => {
    nodes = [nodeOf('a', { machine: '1' })];
    awaitingRates.add('a');
    scraper.start();
    await pass(0);
    nodes = [nodeOf('a', { machine: '2', addresses: [{ type: 'InternalIP', address: '10.0.0.2' }] })];
    await pass(10_250);
    expect(kubelets.machines).toEqual(['1', '2']);
    expect(applied).toEqual(['a', '-a', 'a']);
  });

  test('does not count as a cycle', async () => {
    awaitingRates.add('a');
    scraper.start();
    await pass(14_000);
    expect(registry.render()).toMatch(/^metrics_server_manager_tick_duration_seconds_count 1$/m);
    expect(scraper.lastCycleStartMs).toBe(clock.monotonic() - 14_000);
  });
});

describe('failures', () => {
  test('they are kept as outcomes and touch neither the node\'s samples nor other nodes', async () => {
    kubelets.answers.set('a', REFUSED);
    scraper.start();
    await pass(0);
    expect(applied).toEqual(['b']);
    expect(outcomes.get('a')?.failure).toEqual(REFUSED);
    expect(outcomes.get('b')?.failure).toBeUndefined();
    expect([...outcomes.failuresByReason()]).toEqual([['refused', 1]]);
  });

  test.each([
    ['parse', 'node_cpu_usage_seconds_total x\n', 'line 1: a number should stand here, found "x"'],
    ['empty', '# nothing\n', 'no usage of node or containers in 10 bytes; the kubelet may have just started'],
    ['empty', '', 'no usage of node or containers in 0 bytes; the kubelet may have just started'],
  ])('a page can fail with %s', async (reason, page, message) => {
    kubelets.answers.set('a', page);
    scraper.start();
    await pass(0);
    expect(outcomes.get('a')?.failure).toEqual({ reason, message });
    expect(applied).toEqual(['b']);
  });

  test('there is one line when a node begins to fail, one for another reason, one when it recovers', async () => {
    scraper.start();
    for (const answer of [PAGE, REFUSED, REFUSED, { ...REFUSED, reason: 'timeout' } as const, PAGE, PAGE, REFUSED]) {
      kubelets.answers.set('a', answer);
      await pass(RESOLUTION_MS);
    }
    expect(log).toEqual(['W Failed to scrape node a refused', 'W Failed to scrape node a timeout', 'I Scraping the node works again a', 'W Failed to scrape node a refused']);
    expect(changed).toEqual(['a refused', 'a timeout', 'a ok', 'a refused']);
  });

  test.each<[why: string, node: (nowMs: number) => Partial<NodeRecord>]>([
    ['terminating', () => ({ terminating: true, ready: false })],
    ['new', (nowMs) => ({ createdMs: nowMs - 60_000 })],
  ])('a node that is %s is only spoken of at --v=4', async (why, changes) => {
    nodes = [nodeOf('a', changes(clock.now()))];
    kubelets.answers.set('a', REFUSED);
    scraper.start();
    await pass(0);
    expect([log, changed]).toEqual([[`V4 Failed to scrape node, node is ${why} a refused`], []]);
    expect(outcomes.get('a')?.failure).toEqual(REFUSED);
  });

  test('a node that has been scraped is not new any more', async () => {
    nodes = [nodeOf('a', { createdMs: clock.now() })];
    scraper.start();
    await pass(0);
    kubelets.answers.set('a', REFUSED);
    await pass(RESOLUTION_MS);
    expect(log).toEqual(['W Failed to scrape node a refused']);
  });

  test('a node that goes on failing is spoken of once it is no longer new', async () => {
    nodes = [nodeOf('a', { createdMs: clock.now() })];
    kubelets.answers.set('a', REFUSED);
    scraper.start();
    for (let i = 0; i < 10; i++) await pass(RESOLUTION_MS);
    expect(log.at(-1)).toBe('W Failed to scrape node a refused');
    expect(changed).toEqual(['a refused']);
  });

  test('a node that is not ready is only spoken of at --v=4, until it is ready and still fails', async () => {
    nodes = [nodeOf('a', { ready: false })];
    kubelets.answers.set('a', REFUSED);
    scraper.start();
    await pass(0);
    nodes = [nodeOf('a')];
    await pass(RESOLUTION_MS);
    expect(log).toEqual(['V4 Failed to scrape node, node is not ready a refused', 'W Failed to scrape node a refused']);
  });
});

describe('a node that goes on failing', () => {
  /** In how many of the next turns the node is asked. */
  async function asked(turns: number): Promise<number> {
    kubelets.fetched.length = 0;
    for (let i = 0; i < turns; i++) await pass(RESOLUTION_MS);
    return kubelets.fetched.filter((name) => name === 'a').length;
  }

  beforeEach(() => {
    kubelets.answers.set('a', REFUSED);
  });

  test('is asked every 30 s when it is ready, so that whoever mends the cause does not wait', async () => {
    scraper.start();
    expect(await asked(3)).toBe(3);
    expect(await asked(20)).toBe(10);
    expect(applied.filter((name) => name === 'b')).toHaveLength(23);
  });

  test('is asked ever more seldom when it is not ready, but every five minutes', async () => {
    nodes = [nodeOf('a', { ready: false })];
    scraper.start();
    const turnsInFiveMinutes = 20;
    expect(await asked(turnsInFiveMinutes)).toBe(6);
    expect(await asked(10 * turnsInFiveMinutes)).toBe(10);
  });

  test.each<[string, Partial<NodeRecord>]>([
    ['it becomes ready', { ready: true }],
    ['its kubelet speaks again, though not ready', { readyTransition: 'later' }],
    ['it has another address', { addresses: [{ type: 'InternalIP', address: '10.0.0.2' }] }],
    ['it has another port', { kubeletPort: 10_350 }],
    ['it boots', { machine: 'another boot' }],
  ])('is asked at once when %s', async (_, changes) => {
    nodes = [nodeOf('a', { ready: false })];
    scraper.start();
    await asked(20);
    kubelets.answers.set('a', PAGE);
    kubelets.fetched.length = 0;
    nodes = [nodeOf('a', { ready: false, ...changes })];
    scraper.nodeChanged(nodes[0]);
    await pass(0);
    expect([kubelets.fetched, applied]).toEqual([['a'], changes.machine ? ['-a', 'a'] : ['a']]);
    scraper.nodeChanged(nodeOf('a', { ready: false }));
    await pass(0);
    expect(kubelets.fetched).toEqual(['a']);
  });

  test('is left alone when only its heartbeat or its labels change', async () => {
    nodes = [nodeOf('a', { ready: false })];
    scraper.start();
    await asked(20);
    kubelets.fetched.length = 0;
    scraper.nodeChanged(nodeOf('a', { ready: false, labels: { values: { zone: 'b' }, json: '' } }));
    await pass(0);
    expect(kubelets.fetched).toEqual([]);
  });

  test('counts anew after one success', async () => {
    scraper.start();
    await asked(20);
    kubelets.answers.set('a', PAGE);
    await asked(2);
    kubelets.answers.set('a', REFUSED);
    expect(await asked(3)).toBe(3);
  });
});

describe('nodes that go', () => {
  test('everything known of them is forgotten', async () => {
    scraper.start();
    await pass(0);
    nodes = [nodeOf('b')];
    await pass(RESOLUTION_MS);
    expect(applied).toEqual(['a', 'b', '-a', 'b']);
    expect([outcomes.get('a'), outcomes.size]).toEqual([undefined, 1]);
    expect(registry.render()).not.toMatch(/node="a"/);
    expect([...kubelets.retained]).toEqual(['b']);
  });

  test.each(['machine', 'boot'])('what was measured is forgotten when another %s answers under the same name', async () => {
    nodes = [nodeOf('a', { machine: '1' }), nodeOf('b')];
    scraper.start();
    await pass(0);
    nodes = [nodeOf('a', { machine: '2' }), nodeOf('b')];
    await pass(RESOLUTION_MS);
    expect(applied).toEqual(['a', 'b', '-a', 'a', 'b']);
  });

  test('an answer that comes after they went is not used', async () => {
    kubelets.answers.set('a', 'hang');
    scraper.start();
    await pass(0);
    nodes = [nodeOf('b')];
    await pass(RESOLUTION_MS);
    expect(applied).toEqual(['b', '-a', 'b']);
    expect(outcomes.get('a')).toBeUndefined();
  });
});

test('stopping cancels everything and waits for its end', async () => {
  kubelets.answers.set('a', 'hang');
  scraper.start();
  await pass(0);
  await scraper.stop();
  expect(kubelets.closed).toBe(true);
  expect(clock.pending).toBe(0);
  await pass(10 * RESOLUTION_MS);
  expect(kubelets.fetched).toEqual(['a', 'b']);
});

test('its own metrics have metrics-server\'s names, labels and buckets', async () => {
  kubelets.answers.set('a', REFUSED);
  scraper.start();
  await pass(0);
  const lines = registry.render().split('\n');
  expect(lines).toEqual(expect.arrayContaining([
    '# TYPE metrics_server_kubelet_request_duration_seconds histogram',
    'metrics_server_kubelet_request_duration_seconds_bucket{node="a",le="0.01"} 0',
    'metrics_server_kubelet_request_duration_seconds_bucket{node="a",le="0.025"} 1',
    'metrics_server_kubelet_request_total{success="false"} 1',
    'metrics_server_kubelet_request_total{success="true"} 1',
    'metrics_server_kubelet_request_failures_total{reason="refused"} 1',
    'metrics_server_manager_tick_duration_seconds_count 1',
  ]));
  const bounds = lines.flatMap(line => /^metrics_server_manager_tick_duration_seconds_bucket\{le="(.*)"\}/.exec(line)?.[1] ?? []);
  expect(bounds).toEqual(['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '12.5', '15', '22.5', '30', '+Inf']);
  expect(lines.some(line => line.startsWith('metrics_server_kubelet_last_request_time_seconds{node="b"} '))).toBe(true);
});
