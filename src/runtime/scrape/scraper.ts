import { ClockReading } from './clock-reading';
import { expectedFailure } from './expected-failure';
import { FollowUps, NEEDED_ABOVE_MS } from './follow-ups';
import { KubeletClient } from './kubelet-client';
import { NodeBackoff } from './node-backoff';
import { ScrapeFailure, ScrapeOutcome } from './outcome';
import { OutcomeLog } from './outcome-log';
import { ScrapeOutcomes } from './outcomes';
import { Page } from './page';
import { readPage } from './read-page';
import { ScrapeMetrics } from './scrape-metrics';
import { ScrapeQueue } from './scrape-queue';
import { SimdDecoder } from './simd-decoder';
import { Clock, Random, Stop } from '../clock';
import { Lister } from '../cluster/lister';
import { NodeRecord } from '../cluster/node';
import { Logger } from '../telemetry/logger';

/** Where decoded pages go. */
export interface PageSink {
  /** Takes the page at once: it is overwritten by the next. Whether another one soon would give rates that this one does not. */
  apply(node: string, page: Page, clock?: ClockReading): boolean;
  forgetNode(node: string): void;
  /** Drops what is too old to be served. */
  evict(): void;
}

export interface ScraperOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Says whether WebAssembly may be used. */
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  readonly nodes: Lister<NodeRecord>;
  /** Nodes to scrape, by their labels. */
  readonly selector: { matches(labels: Readonly<Record<string, string>>): boolean };
  readonly client: KubeletClient;
  readonly sink: PageSink;
  readonly outcomes: ScrapeOutcomes;
  readonly metrics: ScrapeMetrics;
  /** A node that is ready has begun to fail, fails for another reason, or works again. */
  readonly onChange?: (outcome: ScrapeOutcome) => void;
  /** Time from one scrape of a node to the next. */
  readonly resolutionMs: number;
  /** @default 32 */
  readonly maxInFlight?: number;
  /** Somebody asks for metrics, and should not wait for many pages to be read. @default always */
  readonly isAsked?: () => boolean;
}

const DEFAULT_MAX_IN_FLIGHT = 32;
/**
 * While somebody asks for metrics: pages of 30 pods take half a millisecond then. With 8 a scrape costs 0.93 times as much, and one pod waits
 * three times as long (p99); without a bound 0.8 times, and four times as long, which matters to nobody while nobody asks.
 */
const MAX_PER_MS_WHILE_ASKED = 4;
const SLOW_AFTER_MS = 500;
const SYNC_POLL_MS = 50;
/** Requests of a cycle are spread over 8 ms for each node, 4 s at most, as metrics-server does. */
const SPREAD_PER_NODE_MS = 8;
const MAX_SPREAD_MS = 4000;
/** A few wake-ups for many requests each cost less than a wake-up for each request. */
const BATCH_INTERVAL_MS = 250;

/** A walk over all nodes. */
interface Cycle {
  readonly startedAt: number;
  pending: number;
}

interface Visit {
  /** By its name: what the cluster says of it may be another thing when its turn comes. */
  readonly node: string;
  /** Undefined between cycles. */
  readonly cycle?: Cycle;
}

/**
 * Asks each kubelet once every resolution, and hands on what it says. What fails is data: see ScrapeOutcomes. A kubelet that has shown
 * something for the first time is asked again before its next turn, so that nobody waits two resolutions for the first figures.
 */
export class Scraper {
  private readonly queue: ScrapeQueue<Visit>;
  private readonly followUps: FollowUps<string>;
  private readonly backoff: NodeBackoff;
  private readonly page: Page;
  private readonly log: OutcomeLog;
  /** Nodes of the current cycle and those whose requests of an earlier one are not finished, with the machine behind each. */
  private readonly known = new Map<string, string>();
  private readonly busy = new Set<string>();
  private readonly timers = new Set<Stop>();
  private cycleStart: number | undefined;
  private running = false;

  constructor(private readonly options: ScraperOptions) {
    const { clock, resolutionMs, maxInFlight = DEFAULT_MAX_IN_FLIGHT, isAsked = () => true } = options;
    const maxPerMs = () => isAsked() ? MAX_PER_MS_WHILE_ASKED : Infinity;
    this.queue = new ScrapeQueue({ clock, maxInFlight, slowAfterMs: SLOW_AFTER_MS, maxPerMs }, (visit) => this.scrape(visit));
    this.followUps = new FollowUps(clock, (nodes) => this.visitAgain(nodes));
    this.backoff = new NodeBackoff(clock, resolutionMs);
    this.page = new Page(options.random, SimdDecoder.create(options.random, options.env));
    options.logger.verbose(1, 'Pages of kubelets are decoded', { by: this.page.simd ? 'WebAssembly' : 'JavaScript' });
    this.log = new OutcomeLog(options.logger, options.onChange);
  }

  /** When the last cycle began, on the monotonic clock; undefined before the first. */
  get lastCycleStartMs(): number | undefined {
    return this.cycleStart;
  }

  /** The first cycle begins as soon as the nodes are known. */
  start(): void {
    if (this.running) return;
    this.running = true;
    this.awaitNodes();
  }

  /** A node that failed is asked at once when it changes in a way that may have mended it. */
  nodeChanged(node: NodeRecord): void {
    if (this.running && this.known.has(node.name) && this.backoff.hasChanged(node)) this.visitAgain([node.name]);
  }

  /** Cancels what is under way; resolves when everything is closed. */
  async stop(): Promise<void> {
    this.running = false;
    for (const stop of this.timers) stop();
    this.timers.clear();
    this.followUps.stop();
    this.queue.clear();
    this.options.client.close();
    await this.queue.idle();
  }

  private awaitNodes(): void {
    if (this.options.nodes.synced) this.beginCycle(this.options.clock.monotonic());
    else this.later(SYNC_POLL_MS, () => this.awaitNodes());
  }

  /**
   * `dueAt` keeps the rhythm: a late timer does not delay the cycles after it, cycles that were missed are left out, and a timer that
   * goes off early, as those of Node.js do by less than a millisecond, does not begin a cycle twice.
   */
  private beginCycle(dueAt: number): void {
    const { clock, resolutionMs, logger } = this.options;
    const startedAt = clock.monotonic();
    this.cycleStart = startedAt;
    const missed = Math.max(0, Math.floor((startedAt - dueAt) / resolutionMs));
    const nextAt = dueAt + (missed + 1) * resolutionMs;
    this.later(nextAt - startedAt, () => this.beginCycle(nextAt));

    const nodes = this.currentNodes();
    const idle = nodes.filter(({ name }) => !this.busy.has(name));
    for (let i = idle.length; i < nodes.length; i++) this.options.metrics.skip();
    const due = idle.filter((node) => this.backoff.isDue(node));
    logger.verbose(1, 'Scraping metrics from nodes', { nodes: due.length, skipped: nodes.length - idle.length, backedOff: idle.length - due.length });
    const cycle: Cycle = { startedAt, pending: due.length };
    if (due.length === 0) this.endCycle(cycle);
    else this.enqueue(due.map(({ name }) => name), cycle);
  }

  /** Nodes to scrape; everything known of those that are gone is forgotten. */
  private currentNodes(): readonly NodeRecord[] {
    const { nodes, selector, client, sink, outcomes, metrics } = this.options;
    const current = nodes.list().filter(({ labels }) => selector.matches(labels.values));
    const names = new Set(current.map(({ name }) => name));
    client.retain(names);
    for (const name of this.known.keys()) {
      if (names.has(name)) continue;
      this.known.delete(name);
      sink.forgetNode(name);
      outcomes.forget(name);
      metrics.forget(name);
      this.log.forget(name);
      this.backoff.forget(name);
    }
    for (const node of current) this.recognize(node);
    return current;
  }

  /** Counters of another machine, or of another boot, are not a continuation. */
  private recognize({ name, machine }: NodeRecord): void {
    const before = this.known.get(name);
    if (before === machine) return;
    if (before !== undefined) this.options.sink.forgetNode(name);
    this.known.set(name, machine);
  }

  private visitAgain(nodes: readonly string[]): void {
    for (const node of nodes) {
      if (this.busy.has(node)) continue;
      this.busy.add(node);
      this.queue.push({ node }, true);
    }
  }

  private enqueue(nodes: readonly string[], cycle: Cycle): void {
    const spreadMs = Math.min(nodes.length * SPREAD_PER_NODE_MS, MAX_SPREAD_MS);
    const batches = Math.ceil(spreadMs / BATCH_INTERVAL_MS);
    const batchSize = Math.ceil(nodes.length / batches);
    for (let batch = 0; batch < batches; batch++) {
      const members = nodes.slice(batch * batchSize, (batch + 1) * batchSize);
      for (const node of members) this.busy.add(node);
      this.later(batch * BATCH_INTERVAL_MS, () => {
        // Nodes that failed last time go last: they may take up to the timeout.
        for (const node of members) this.queue.push({ node, cycle }, this.options.outcomes.get(node)?.failure === undefined);
      });
    }
  }

  private async scrape({ node: name, cycle }: Visit): Promise<void> {
    // The node may have gone while it was queued; what goes later, `retain` cancels.
    const node = this.known.has(name) ? this.options.nodes.get('', name) : undefined;
    try {
      if (node) await this.ask(node);
    } catch (error) {
      this.options.logger.error('Scrape ended in an unexpected error', { node: name, err: String(error) });
    }
    this.busy.delete(name);
    if (cycle && --cycle.pending === 0) this.endCycle(cycle);
  }

  private async ask(node: NodeRecord): Promise<void> {
    const { client, clock, outcomes, metrics } = this.options;
    this.recognize(node);
    const outcome = await client.fetch(node, (body, startedMs, reading) => this.read(node, body, startedMs, reading));
    if (!outcome) return;
    const { failures: failuresBefore = 0, lastSuccessMs } = outcomes.scrapesOf(node.name) ?? {};
    outcomes.record(outcome);
    metrics.request(outcome);
    this.backoff.note(node, outcome.failure !== undefined);
    this.log.note(outcome, { failuresBefore, nodesFailing: outcomes.failing }, expectedFailure(node, lastSuccessMs !== undefined, clock.now()));
  }

  private read(node: NodeRecord, body: Buffer, startedMs: number, clock: ClockReading | undefined): ScrapeFailure | undefined {
    const failure = readPage(body, startedMs, this.page);
    if (failure) return failure;
    const awaitsRates = this.options.sink.apply(node.name, this.page, clock);
    if (awaitsRates && this.options.resolutionMs > NEEDED_ABOVE_MS) this.followUps.add(node.name);
    return undefined;
  }

  private endCycle(cycle: Cycle): void {
    // Not before: what a retention of one resolution keeps is replaced by this cycle's answers, and not a moment earlier.
    this.options.sink.evict();
    const durationMs = this.options.clock.monotonic() - cycle.startedAt;
    this.options.metrics.cycle(durationMs);
    this.options.logger.verbose(1, 'Scrape finished', { durationMs: Math.round(durationMs) });
  }

  private later(delayMs: number, callback: () => void): void {
    const stop = this.options.clock.after(delayMs, () => {
      this.timers.delete(stop);
      callback();
    });
    this.timers.add(stop);
  }
}
