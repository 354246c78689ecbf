import { getObject, listObjects, MAX_OBJECTS } from './kubernetes-objects';
import { FEATURES } from '../../_facts/rights';
import { Stop } from '../clock';
import { WatchContext } from '../cluster/collection-watch';
import { LabelSets } from '../cluster/label-sets';
import { ObjectMetadata } from '../cluster/object-metadata';
import { IDLE_MS, OnDemandWatches } from '../cluster/on-demand-watches';
import { rootOf } from '../custom-metrics/resource-mappings';

/** Which objects of the cluster metrics are made of. */
export interface ObjectSelection {
  /** `v1`, `apps/v1` */
  readonly apiVersion: string;
  /** Plural. */
  readonly resource: string;
  /** Without it, all of them. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

interface WireObject {
  readonly metadata: { readonly namespace?: string; readonly name: string };
}

/** All that is kept of an object: what each metric reads of it. */
interface ReadObject extends ObjectMetadata {
  readonly readings: readonly unknown[];
}

/** What is made of an object. Never fails: what is wrong with the object is a reading, too. */
export type ObjectReader<W, R> = (object: W) => R;

/** Of more selections, the later ones are listed each time: each watch takes a connection to the API server, which has 128 for all. */
const MAX_WATCHES = 24;

interface Selected {
  readonly readers: ObjectReader<any, unknown>[];
  /** A list has shown that they are no more than are read: only then they are followed. */
  isBounded: boolean;
}

/**
 * Objects that metrics are made of, by our own rights. While somebody asks they are followed, by one watch for all metrics of the same selection. Until
 * everything is known, and where following is not allowed, they are listed.
 */
export class MetricObjects {
  private readonly watches: OnDemandWatches<ReadObject>;
  private readonly selected = new Map<string, Selected>();
  private readonly labels = new LabelSets().of(undefined);

  constructor(private readonly context: WatchContext) {
    this.watches = new OnDemandWatches(context, MAX_WATCHES);
  }

  /** Follows nothing any longer. */
  readonly stop: Stop = () => this.watches.stop();

  /** One object by its name. @throws SourceError */
  async get<T>(path: string, signal: AbortSignal): Promise<T> {
    return getObject<T>(this.context.client, path, {}, signal);
  }

  /**
   * Gives the readings of up to 1,000 objects to who asks in this interval. Call before anything is asked: a watch reads for those that it knows.
   * Who asks so seldom that a watch would end before the next question has them listed each time.
   */
  reading<W extends WireObject, R>(
    selection: ObjectSelection, read: ObjectReader<W, R>, refreshMs: number,
  ): (signal: AbortSignal) => Promise<readonly R[]> {
    if (refreshMs >= IDLE_MS) return async (signal) => (await this.listed<W>(selection, signal)).map(read);
    const key = JSON.stringify(selection);
    const selected = this.selected.get(key) ?? { readers: [], isBounded: false };
    this.selected.set(key, selected);
    const index = selected.readers.push(read) - 1;
    return async (signal) => {
      const followed = selected.isBounded ? this.followed(key, selection, selected.readers) : undefined;
      if (followed && followed.length <= MAX_OBJECTS) return followed.map(({ readings }) => readings[index] as R);
      selected.isBounded = false;
      if (followed) this.watches.end(key);
      const objects = await this.listed<W>(selection, signal);
      selected.isBounded = true;
      this.followed(key, selection, selected.readers);
      return objects.map(read);
    };
  }

  /** Those that are known by a watch, which begins here. */
  private followed(key: string, selection: ObjectSelection, readers: Selected['readers']): readonly ReadObject[] | undefined {
    const { resource, apiVersion, namespace, labelSelector, fieldSelector } = selection;
    const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
    return this.watches.lister<WireObject>(key, () => ({
      path: collectionPath(selection),
      query: { labelSelector, fieldSelector },
      name: `${resource} that metrics are made of`,
      feature: FEATURES.metricObjects(group, resource, namespace),
      decode: (object) => ({
        namespace: object.metadata.namespace ?? '', name: object.metadata.name, labels: this.labels, readings: readers.map((read) => read(object)),
      }),
    }))?.list();
  }

  private listed<W>(selection: ObjectSelection, signal: AbortSignal): Promise<readonly W[]> {
    const { labelSelector, fieldSelector } = selection;
    return listObjects<W>(this.context.client, collectionPath(selection), { labelSelector, fieldSelector }, signal);
  }
}

export function collectionPath({ apiVersion, resource, namespace }: ObjectSelection): string {
  return `${rootOf(apiVersion)}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${resource}`;
}
