import { WatchContext } from './collection-watch';
import { Reflector, WireObject } from './reflector';
import { Feature } from '../../_facts/rights';

export interface WatchObjectOptions<T extends WireObject> extends WatchContext {
  /** Collection the object is in, such as `/api/v1/namespaces/kube-system/configmaps`. */
  readonly path: string;
  readonly name: string;
  /** For log lines: `APIService v1.metrics.k8s.io`. */
  readonly what: string;
  /** What is off when the object may not be followed. */
  readonly feature?: Feature;
  /** The object as it is now, undefined when there is none. Called after the first list and at each change. */
  readonly onChange: (object: T | undefined) => void;
}

export interface ObjectWatch {
  /** Whether the object exists is known. */
  readonly synced: boolean;
  start(): void;
  stop(): void;
}

/**
 * Follows one object. List and watch with this field selector are what a Role with `resourceNames` allows, and the
 * object may be made later.
 */
export function watchObject<T extends WireObject>({ name, what, onChange, ...options }: WatchObjectOptions<T>): ObjectWatch {
  let seen: string | undefined;
  const show = (object: T | undefined) => {
    const state = object === undefined ? 'absent' : object.metadata?.resourceVersion;
    // A new list after a lost watch mostly brings what is known already.
    if (state !== undefined && state === seen) return;
    seen = state;
    onChange(object);
  };
  return new Reflector<T, T>({
    ...options,
    query: { fieldSelector: `metadata.name=${name}` },
    name: what,
    decode: (object) => object,
    handler: {
      // A server that ignores field selectors sends its neighbours too.
      replace: (items) => show(items.find((item) => item.metadata?.name === name)),
      apply: (item) => { if (item.metadata?.name === name) show(item); },
      remove: (item) => { if (item.metadata?.name === name) show(undefined); },
    },
  });
}
