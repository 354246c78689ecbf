import { Clock } from '../clock';

interface Entry<V> {
  readonly value: V;
  readonly expiresMs: number;
}

/** What an answer means to who asked. */
export interface ReviewCacheOptions<V> {
  readonly isGrant: (value: V) => boolean;
  /** How long an answer is good for; 0 keeps it out. */
  readonly ttlMs: (value: V) => number;
}

/** Refusals save reviews of who asks the same again. What is made up anew each time is not to fill memory: a key may be 10 KB. */
const MAX_REFUSALS = 1024;

/**
 * Answers by key: each for its time, the least recently used go first, and no flow asks for what it is asking for already. Refusals, of
 * which anybody can have as many as they like, take no grant's place. Errors are never kept.
 */
export class ReviewCache<V> {
  private readonly grants = new Map<string, Entry<V>>();
  private readonly refusals = new Map<string, Entry<V>>();
  private readonly pending = new Map<string, Promise<V>>();

  constructor(private readonly clock: Clock, private readonly maxGrants: number, private readonly options: ReviewCacheOptions<V>) {}

  /** A flow waits for its own questions alone: those of others may have to wait, and be refused, for what they are. */
  get(key: string, ask: () => Promise<V>, flow = ''): Promise<V> {
    const entries = this.grants.has(key) ? this.grants : this.refusals;
    const entry = entries.get(key);
    if (entry !== undefined && this.clock.monotonic() < entry.expiresMs) {
      entries.delete(key);
      entries.set(key, entry);
      return Promise.resolve(entry.value);
    }
    const question = `${flow} ${key}`;
    const asked = this.pending.get(question) ?? this.ask(key, ask).finally(() => this.pending.delete(question));
    this.pending.set(question, asked);
    return asked;
  }

  private async ask(key: string, ask: () => Promise<V>): Promise<V> {
    const value = await ask();
    this.keep(key, value);
    return value;
  }

  private keep(key: string, value: V): void {
    this.grants.delete(key);
    this.refusals.delete(key);
    const ttlMs = this.options.ttlMs(value);
    if (ttlMs <= 0) return;
    const [entries, capacity] = this.options.isGrant(value) ? [this.grants, this.maxGrants] : [this.refusals, MAX_REFUSALS];
    entries.set(key, { value, expiresMs: this.clock.monotonic() + ttlMs });
    if (entries.size > capacity) entries.delete(entries.keys().next().value!);
  }
}
