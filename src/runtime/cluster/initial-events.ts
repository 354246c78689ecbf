import { ApiQuery } from './api-client';
import { ApiError, ApiStatus } from './api-error';
import { isTimeout } from './transport-error';

export interface ObjectEvent<W> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: W;
}

export type WatchEvent<W> = ObjectEvent<W> | { readonly type: 'ERROR'; readonly object: ApiStatus };

/** For a watch that begins with all the objects there are, and a bookmark after them (KEP-3157). */
export const WITH_INITIAL_EVENTS: ApiQuery = { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' };

const END_OF_INITIAL_EVENTS = 'k8s.io/initial-events-end';

/** Far above what changes while initial events come, from memory: this server will not tell their end, and the watch may last for ten minutes. */
const MAX_CHANGES = 10_000;

/** What happened to an object, of which only what is kept of it is left. */
export interface Change<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly item: T;
}

/** What such a watch tells before that bookmark. */
export class InitialEvents<T, W> {
  readonly items: T[] = [];
  /** Of objects already told of, and whatever came after the first of them: in order. */
  readonly changes: Change<T>[] = [];

  constructor(private readonly decode: (object: W) => T) {}

  add({ type, object }: ObjectEvent<W>): void {
    if (type === 'BOOKMARK') return;
    const item = this.decode(object);
    if (type === 'ADDED' && this.changes.length === 0) this.items.push(item);
    else if (this.changes.push({ type, item }) > MAX_CHANGES) throw new EndlessInitialEvents();
  }
}

export function endsInitialEvents({ type, object }: WatchEvent<{ readonly metadata?: { readonly annotations?: Record<string, string> } }>): boolean {
  return type === 'BOOKMARK' && object.metadata?.annotations?.[END_OF_INITIAL_EVENTS] === 'true';
}

/** Such a watch never came to its end. */
class EndlessInitialEvents extends Error {}

/** The API server, or what stands before it, does not know such watches, does not allow this one, or took it for one without initial events: a list may do. */
export function isWithoutInitialEvents(error: unknown): boolean {
  return error instanceof ApiError ? error.code !== 429 : error instanceof EndlessInitialEvents || isTimeout(error);
}
