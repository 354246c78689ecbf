import { Clock, Random } from '../clock';
import { ApiClient, ApiQuery } from './api-client';
import { ApiError } from './api-error';
import { Backoff, pause } from './backoff';
import { Change, endsInitialEvents, InitialEvents, isWithoutInitialEvents, ObjectEvent, WatchEvent, WITH_INITIAL_EVENTS } from './initial-events';
import { missingRight } from './missing-right';
import { isTimeout } from './transport-error';
import { Feature } from '../../_facts/rights';
import { Logger } from '../telemetry/logger';

/** An object as the API sends it. */
export interface WireObject {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly annotations?: Record<string, string>;
  };
}

/** Takes what a Reflector sees, in order. */
export interface ReflectorHandler<T> {
  /** All objects there are: after the first list and whenever the thread of changes was lost. */
  replace(items: readonly T[], resourceVersion: string): void;
  apply(item: T): void;
  remove(item: T): void;
}

export interface ReflectorOptions<T, W extends WireObject> {
  readonly client: Pick<ApiClient, 'request' | 'stream'>;
  /** Collection, such as `/api/v1/nodes`. */
  readonly path: string;
  /** fieldSelector, labelSelector. */
  readonly query?: ApiQuery;
  /** @default application/json for both */
  readonly accept?: { readonly list: string; readonly watch: string };
  /** What is kept of an object. Called object by object or page by page, so that a list is never in memory as a whole. */
  readonly decode: (object: W) => T;
  readonly handler: ReflectorHandler<T>;
  /** For log lines: `nodes`. */
  readonly name: string;
  /** What is off when the objects may not be followed. */
  readonly feature?: Feature;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The API server cannot be followed. Called when the failure begins and when its reason changes, not at each attempt. */
  readonly onFailure?: (error: Error) => void;
  readonly onRecovered?: () => void;
}

const PAGE_SIZE = 500;
/** Pages of a busy API server take long: it lets a request wait for its turn for 15 s (a quarter of its `--request-timeout`). */
const LIST_TIMEOUT_MS = 30_000;
const WATCH_SECONDS = 300;
/** The answer to a watch begins at once, and initial events come one after the other, from memory. */
const BEGINNING_IDLE_MS = 20_000;
/**
 * HTTP/1.1 has no PING, by which client-go finds out within 45 s that an API server hangs. But kube-apiserver sends a bookmark on each watch about once
 * a minute, whatever it selects (`defaultBookmarkFrequency` in its watch cache). It promises none, and has none for a resource of which nothing has
 * changed since it started: such a watch is resumed where it was, which costs a request every 75 s.
 */
const IDLE_MS = 75_000;
/** A watch that ends sooner without an event did not work. */
const SHORT_WATCH_MS = 1_000;

/**
 * Keeps a handler up to date with a collection of the API server: by a watch that begins with all there is or, where the
 * server has no such, a list and a watch from there. A watch that ends is resumed where it was; only when the API server has
 * forgotten that place (410) does everything begin again.
 */
export class Reflector<T, W extends WireObject = WireObject> {
  private readonly backoff: Backoff;
  private resourceVersion: string | undefined;
  /** Told of before there is a resource version to resume from. */
  private initial: InitialEvents<T, W> | undefined;
  private listed = false;
  /** A watch stood, and nothing has failed since. */
  private established = false;
  /** What was last reported as failure. */
  private failure: string | undefined;
  private running: AbortController | undefined;

  constructor(private readonly options: ReflectorOptions<T, W>) {
    this.backoff = new Backoff({ initialMs: 800, maxMs: 30_000, random: options.random });
  }

  /** The first list has been read completely. */
  get synced(): boolean {
    return this.listed;
  }

  start(): void {
    if (this.running) return;
    this.running = new AbortController();
    void this.run(this.running.signal);
  }

  /** Aborts what is in flight; the handler is not called any more. */
  stop(): void {
    this.running?.abort();
    this.running = undefined;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let retryAfterMs = 0;
      try {
        if (await this.follow(signal)) continue;
      } catch (error) {
        if (signal.aborted) return;
        retryAfterMs = this.failed(error as Error);
      }
      await pause(this.options.clock, Math.max(this.backoff.nextMs(), retryAfterMs), signal);
    }
  }

  /** Whether the watch was of use, so that it can be resumed at once. */
  private async follow(signal: AbortSignal): Promise<boolean> {
    if (this.resourceVersion !== undefined) return this.watch(signal);
    this.initial = new InitialEvents(this.options.decode);
    try {
      const useful = await this.watch(signal);
      if (!this.initial) return useful;
    } catch (error) {
      if (!this.initial || !isWithoutInitialEvents(error)) throw error;
    } finally {
      this.initial = undefined;
    }
    await this.list(signal);
    return this.watch(signal);
  }

  private async list(signal: AbortSignal): Promise<void> {
    const { client, path, query, accept, decode } = this.options;
    const items: T[] = [];
    let metadata: ListMetadata | undefined;
    do {
      const page: ListPage<W> = await client.request({
        path,
        query: { ...query, limit: PAGE_SIZE, continue: metadata?.continue },
        accept: accept?.list,
        timeoutMs: LIST_TIMEOUT_MS,
        signal,
      });
      for (const object of page.items ?? []) items.push(decode(object));
      metadata = page.metadata ?? {};
    } while (metadata.continue);
    signal.throwIfAborted();
    this.begin(items, metadata.resourceVersion);
  }

  /** All there was at that version. */
  private begin(items: readonly T[], resourceVersion = ''): void {
    this.options.handler.replace(items, resourceVersion);
    this.resourceVersion = resourceVersion;
    this.listed = true;
    this.options.logger.verbose(2, `Listed ${this.options.name}`, { count: items.length, resourceVersion });
  }

  private async watch(signal: AbortSignal): Promise<boolean> {
    const { client, path, query, accept, clock, random } = this.options;
    const timeoutSeconds = Math.round(WATCH_SECONDS * (1 + random()));
    const from = this.initial ? WITH_INITIAL_EVENTS : { resourceVersion: this.resourceVersion };
    const startedMs = clock.monotonic();
    let isOpen = false;
    let events = 0;
    const isUseful = () => events > 0 || isOpen && clock.monotonic() - startedMs >= SHORT_WATCH_MS;
    try {
      await client.stream({
        path,
        query: { ...query, watch: true, allowWatchBookmarks: true, timeoutSeconds, ...from },
        accept: accept?.watch,
        signal,
        idleTimeoutMs: () => isOpen && !this.initial ? IDLE_MS : BEGINNING_IDLE_MS,
        onOpen: () => {
          isOpen = true;
          if (!this.initial) this.recovered();
        },
        onEvent: (event) => {
          signal.throwIfAborted();
          this.take(event as WatchEvent<W>);
          this.backoff.reset();
          events++;
        },
      });
      return isUseful();
    } finally {
      if (isUseful()) this.backoff.reset();
    }
  }

  private take(event: WatchEvent<W>): void {
    if (event.type === 'ERROR') {
      const error = new ApiError(event.object, 500);
      // Whatever else broke the thread of changes, only a new list is sure to mend it.
      if (error.code !== 429) this.resourceVersion = undefined;
      throw error;
    }
    if (this.initial) return this.takeInitial(event, this.initial);
    if (event.type !== 'BOOKMARK') this.change({ type: event.type, item: this.options.decode(event.object) });
    this.resourceVersion = event.object.metadata?.resourceVersion ?? this.resourceVersion;
  }

  private takeInitial(event: ObjectEvent<W>, initial: InitialEvents<T, W>): void {
    if (!endsInitialEvents(event)) return initial.add(event);
    this.initial = undefined;
    this.begin(initial.items, event.object.metadata?.resourceVersion);
    initial.changes.forEach((change) => this.change(change));
    this.recovered();
  }

  private change({ type, item }: Change<T>): void {
    const { handler } = this.options;
    if (type === 'DELETED') handler.remove(item);
    else handler.apply(item);
  }

  /** How long the API server asks to wait. */
  private failed(error: Error): number {
    const { feature, logger, name, onFailure } = this.options;
    if (this.resourceVersion !== undefined && isPlaceLost(error)) {
      this.resourceVersion = undefined;
      logger.verbose(2, `Listing ${name} again`, { reason: error.message });
    } else if (this.established) {
      // Watches break whenever an API server restarts: no failure, as long as the next attempt succeeds.
      logger.verbose(2, `Watch of ${name} broke`, { reason: error.message });
    } else if (this.failure !== error.message) {
      this.failure = error.message;
      logger.warn(`Cannot follow ${name}, retrying`, { reason: error.message, ...missingRight(error, feature) });
      onFailure?.(error);
    }
    this.established = false;
    // Who has waited for nothing hurries nobody: an API server that hangs is followed within a minute of its return.
    if (isTimeout(error)) this.backoff.reset();
    return error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  }

  private recovered(): void {
    this.established = true;
    if (this.failure === undefined) return;
    this.failure = undefined;
    this.options.logger.info(`Following ${this.options.name} again`);
    this.options.onRecovered?.();
  }
}

interface ListMetadata {
  readonly resourceVersion?: string;
  readonly continue?: string;
}

interface ListPage<W> {
  readonly metadata?: ListMetadata;
  readonly items?: readonly W[] | null;
}

/** The API server has compacted the changes since our resource version, or, restored from a backup, never had them. */
function isPlaceLost(error: Error): boolean {
  return error instanceof ApiError
    && (error.code === 410 || (error.details?.causes?.some(({ reason }) => reason === 'ResourceVersionTooLarge') ?? false));
}
