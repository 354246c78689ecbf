import { Stop } from '../clock';
import { CollectionOptions, CollectionWatch, watchCollection, WatchContext } from './collection-watch';
import { Lister } from './lister';
import { ObjectMetadata } from './object-metadata';
import { WireObject } from './reflector';

interface Followed<T extends ObjectMetadata> {
  readonly watch: CollectionWatch<T>;
  failing: boolean;
  askedMs: number;
  stopTimer: Stop;
}

/** Nobody has asked for so long: an autoscaler asks every 15 seconds, and kube-controller-manager may be changing its leader. */
export const IDLE_MS = 300_000;

/** Collections of the API server that are followed while somebody asks for them: from the first question until some minutes after the last. */
export class OnDemandWatches<T extends ObjectMetadata> {
  private readonly followed = new Map<string, Followed<T>>();

  /** Each watch takes a connection to the API server: of more than `maxWatches` collections, the later ones are not followed. */
  constructor(private readonly context: WatchContext, private readonly maxWatches: number) {}

  /** What is in a collection now. Undefined until all of it is known, and where it cannot be followed: then it is to be listed. */
  lister<W extends WireObject>(key: string, collection: () => CollectionOptions<T, W>): Lister<T> | undefined {
    const followed = this.followed.get(key) ?? this.follow(key, collection);
    if (!followed) return undefined;
    followed.askedMs = this.context.clock.monotonic();
    return followed.failing || !followed.watch.lister.synced ? undefined : followed.watch.lister;
  }

  /** Follows a collection no longer, until it is asked for again. */
  end(key: string): void {
    const followed = this.followed.get(key);
    followed?.stopTimer();
    followed?.watch.stop();
    this.followed.delete(key);
  }

  /** Follows nothing any longer. */
  readonly stop: Stop = () => this.followed.forEach((_, key) => this.end(key));

  private follow<W extends WireObject>(key: string, collection: () => CollectionOptions<T, W>): Followed<T> | undefined {
    if (this.followed.size >= this.maxWatches) return undefined;
    const watch = watchCollection<T, W>({
      ...this.context,
      onFailure: () => { followed.failing = true; },
      onRecovered: () => { followed.failing = false; },
    }, collection());
    const followed: Followed<T> = { watch, failing: false, askedMs: this.context.clock.monotonic(), stopTimer: () => {} };
    this.followed.set(key, followed);
    this.endWhenIdle(key, followed, IDLE_MS);
    watch.start();
    return followed;
  }

  private endWhenIdle(key: string, followed: Followed<T>, inMs: number): void {
    const { clock } = this.context;
    followed.stopTimer = clock.after(inMs, () => {
      const leftMs = followed.askedMs + IDLE_MS - clock.monotonic();
      if (leftMs > 0) this.endWhenIdle(key, followed, leftMs);
      else this.end(key);
    });
  }
}
