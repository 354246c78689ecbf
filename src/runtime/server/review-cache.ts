import { Clock } from '../clock';

/** Answers by key: each for its time, the least recently used go first, and nobody asks for what is being asked for already. */
export class ReviewCache<V> {
  private readonly entries = new Map<string, { readonly value: V; readonly expiresMs: number }>();
  private readonly pending = new Map<string, Promise<V>>();

  /** `ttlMs` says how long an answer is good for; 0 keeps it out. Errors are never kept. */
  constructor(private readonly clock: Clock, private readonly capacity: number, private readonly ttlMs: (value: V) => number) {}

  get(key: string, ask: () => Promise<V>): Promise<V> {
    const entry = this.entries.get(key);
    if (entry !== undefined && this.clock.monotonic() < entry.expiresMs) {
      this.entries.delete(key);
      this.entries.set(key, entry);
      return Promise.resolve(entry.value);
    }
    const asked = this.pending.get(key) ?? this.ask(key, ask);
    this.pending.set(key, asked);
    return asked;
  }

  private async ask(key: string, ask: () => Promise<V>): Promise<V> {
    try {
      const value = await ask();
      this.keep(key, value);
      return value;
    } finally {
      this.pending.delete(key);
    }
  }

  private keep(key: string, value: V): void {
    this.entries.delete(key);
    const ttlMs = this.ttlMs(value);
    if (ttlMs <= 0) return;
    this.entries.set(key, { value, expiresMs: this.clock.monotonic() + ttlMs });
    if (this.entries.size > this.capacity) this.entries.delete(this.entries.keys().next().value!);
  }
}
