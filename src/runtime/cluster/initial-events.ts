import { ApiQuery } from './api-client';
import { ApiError, ApiStatus } from './api-error';
import { TransportError } from './transport-error';

export type WatchEvent<W> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: W }
  | { readonly type: 'ERROR'; readonly object: ApiStatus };

/** For a watch that begins with all the objects there are, and a bookmark after them (KEP-3157). */
export const WITH_INITIAL_EVENTS: ApiQuery = { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' };

const END_OF_INITIAL_EVENTS = 'k8s.io/initial-events-end';

/** What such a watch tells before that bookmark. */
export class InitialEvents<T, W> {
  readonly items: T[] = [];
  /** Of objects already told of, and whatever came after the first of them: in order. */
  readonly changes: WatchEvent<W>[] = [];

  constructor(private readonly decode: (object: W) => T) {}

  add(event: WatchEvent<W>): void {
    if (event.type === 'ADDED' && this.changes.length === 0) this.items.push(this.decode(event.object));
    else if (event.type !== 'BOOKMARK') this.changes.push(event);
  }
}

export function endsInitialEvents({ type, object }: WatchEvent<{ readonly metadata?: { readonly annotations?: Record<string, string> } }>): boolean {
  return type === 'BOOKMARK' && object.metadata?.annotations?.[END_OF_INITIAL_EVENTS] === 'true';
}

/** The API server, or what stands before it, does not know such watches, does not allow this one, or took it for one without initial events: a list may do. */
export function isWithoutInitialEvents(error: unknown): boolean {
  return error instanceof ApiError ? error.code !== 429 : error instanceof TransportError && error.reason === 'timeout';
}
