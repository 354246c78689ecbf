import { Clock, Random } from '../clock';
import { ApiClient, ApiQuery } from './api-client';
import { ApiError } from './api-error';
import { Lister } from './lister';
import { ObjectCache } from './object-cache';
import { ObjectMetadata } from './object-metadata';
import { Reflector, ReflectorOptions, WireObject } from './reflector';
import { Feature } from '../../_facts/rights';
import { Logger } from '../telemetry/logger';

/** What every watch of the API server needs. */
export interface WatchContext {
  readonly client: Pick<ApiClient, 'request' | 'stream'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The objects cannot be followed: once when it begins and when its reason changes. */
  readonly onFailure?: (error: Error) => void;
  readonly onRecovered?: () => void;
}

/** Objects of one kind, followed from `start()` to `stop()`. */
export interface CollectionWatch<T extends ObjectMetadata> {
  readonly lister: Lister<T>;
  /** The right to list them has been missing, and they have not been listed since. */
  readonly forbidden: boolean;
  start(): void;
  stop(): void;
}

export interface CollectionOptions<T, W extends WireObject> {
  readonly path: string;
  readonly query?: ApiQuery;
  readonly accept?: ReflectorOptions<T, W>['accept'];
  readonly name: string;
  /** What is off when the objects may not be followed. */
  readonly feature?: Feature;
  readonly decode: (object: W) => T;
  /** An object is new or another than before. */
  readonly onChange?: (object: T) => void;
}

export function watchCollection<T extends ObjectMetadata, W extends WireObject>(
  context: WatchContext, collection: CollectionOptions<T, W>,
): CollectionWatch<T> {
  const cache = new ObjectCache<T>(collection.onChange);
  let refused = false;
  const onFailure = (error: Error) => {
    refused ||= error instanceof ApiError && error.code === 403;
    context.onFailure?.(error);
  };
  const reflector = new Reflector<T, W>({ ...context, ...collection, handler: cache, onFailure });
  return { lister: cache, get forbidden() { return refused && !cache.synced; }, start: () => reflector.start(), stop: () => reflector.stop() };
}
