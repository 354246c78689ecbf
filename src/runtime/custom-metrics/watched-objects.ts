import { ClusterObjects, formatGroupResource, GroupResource, ResourceMapping } from './objects';
import { rootOf } from './resource-mappings';
import { BoundedCache } from '../bounded-cache';
import { Stop } from '../clock';
import { WatchContext } from '../cluster/collection-watch';
import { LabelSets } from '../cluster/label-sets';
import { Lister } from '../cluster/lister';
import { ObjectMetadata } from '../cluster/object-metadata';
import { OnDemandWatches } from '../cluster/on-demand-watches';
import { metadataOnly } from '../cluster/pods';
import { Selector } from '../labels/selector';

interface WireMetadata {
  readonly metadata: {
    readonly namespace?: string;
    readonly name: string;
    readonly resourceVersion?: string;
    readonly labels?: Record<string, string>;
  };
}

/** Far more than metrics describe: whoever asks for other resources does not make us hold the cluster. */
const MAX_WATCHES = 10;

/** Of one namespace: whoever asks by others does not make us hold them. */
const MAX_SELECTORS = 1000;

/**
 * Knows the names of objects by following them while some of their resource are asked for: hundreds of autoscalers cost no list each. Until
 * everything is known, and where following is not allowed, `lists` is asked.
 */
export class WatchedObjects implements ClusterObjects {
  private readonly watches: OnDemandWatches<ObjectMetadata>;
  private readonly labels = new LabelSets();
  /** By the list that they are chosen from, which is another one after each change, and the selector. */
  private readonly chosenNames = new WeakMap<readonly ObjectMetadata[], BoundedCache<readonly string[]>>();

  constructor(private readonly lists: ClusterObjects, context: WatchContext) {
    this.watches = new OnDemandWatches(context, MAX_WATCHES);
  }

  mapping(resource: GroupResource, signal: AbortSignal): Promise<ResourceMapping | undefined> {
    return this.lists.mapping(resource, signal);
  }

  async names(resource: GroupResource, namespace: string, selector: Selector, signal: AbortSignal, user?: string): Promise<readonly string[]> {
    const mapping = await this.mapping(resource, signal);
    const lister = mapping && this.lister(mapping);
    if (!lister) return this.lists.names(resource, namespace, selector, signal, user);
    return this.chosen(lister.list(mapping.namespaced && namespace === '' ? undefined : namespace), selector);
  }

  /** Follows nothing any longer. */
  readonly stop: Stop = () => this.watches.stop();

  private chosen(objects: readonly ObjectMetadata[], selector: Selector): readonly string[] {
    const known = this.chosenNames.get(objects) ?? new BoundedCache<readonly string[]>(MAX_SELECTORS);
    this.chosenNames.set(objects, known);
    return known.getOrMake(String(selector), () => objects.filter(({ labels }) => selector.matches(labels.values)).map(({ name }) => name));
  }

  private lister({ apiVersion, groupResource }: ResourceMapping): Lister<ObjectMetadata> | undefined {
    const path = `${rootOf(apiVersion)}/${groupResource.resource}`;
    return this.watches.lister<WireMetadata>(path, () => ({
      name: formatGroupResource(groupResource),
      path,
      accept: { list: metadataOnly('PartialObjectMetadataList'), watch: metadataOnly('PartialObjectMetadata') },
      decode: ({ metadata: { namespace = '', name, labels } }) => ({ namespace, name, labels: this.labels.of(labels) }),
    }));
  }
}
