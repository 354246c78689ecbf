import { Clock, Random, Stop } from '../clock';
import { ApiItem } from './api-object';

/** All that a list held when its first part was answered. */
export interface ListSnapshot<T> {
  /** What was asked: the list is for no other question, nor for who may ask another. */
  readonly question: string;
  readonly list: T;
  readonly items: readonly ApiItem[];
}

/** As long as kube-apiserver keeps old revisions at least. */
const LIFETIME_MS = 5 * 60_000;
/** In memory at the same time, but for the newest, which may be larger by itself. An item takes about 500 bytes. */
const MAX_ITEMS = 200_000;
const MAX_SNAPSHOTS = 100;
/** What JSON and doubles hold exactly. */
const IDS = 2 ** 52;

/** Lists that are answered in parts, kept until the last part may have been asked for. */
export class ListSnapshots<T> {
  /** The oldest first. */
  private readonly snapshots = new Map<number, ListSnapshot<T> & { readonly stopTimer: Stop }>();
  private items = 0;

  constructor(private readonly clock: Clock, private readonly random: Random) {}

  /** The snapshot's id, which no other replica gives and nobody guesses. */
  keep(snapshot: ListSnapshot<T>): number {
    const id = 1 + Math.floor(this.random() * IDS);
    this.snapshots.set(id, { ...snapshot, stopTimer: this.clock.after(LIFETIME_MS, () => this.forget(id)) });
    this.items += snapshot.items.length;
    for (const oldest of this.snapshots.keys()) {
      if (oldest === id || (this.items <= MAX_ITEMS && this.snapshots.size <= MAX_SNAPSHOTS)) break;
      this.forget(oldest);
    }
    return id;
  }

  find(id: number, question: string): ListSnapshot<T> | undefined {
    const snapshot = this.snapshots.get(id);
    return snapshot?.question === question ? snapshot : undefined;
  }

  clear(): void {
    [...this.snapshots.keys()].forEach((id) => this.forget(id));
  }

  private forget(id: number): void {
    const { items, stopTimer } = this.snapshots.get(id)!;
    stopTimer();
    this.items -= items.length;
    this.snapshots.delete(id);
  }
}
