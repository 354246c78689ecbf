import { fieldMatcher, FieldReader } from './field-selector';
import { MetricsItem } from './metrics-item';
import { usageColumns } from './usage';
import { Clock } from '../../clock';
import { Lister } from '../../cluster/lister';
import { ObjectMetadata } from '../../cluster/object-metadata';
import { FieldRequirement } from '../../server/field-selector';
import { ApiResource, ApiResult } from '../../server/group-version';
import { ItemsInBytes } from '../../server/item-list';
import { ListOptions } from '../../server/list-options';
import { StatusError } from '../../server/status';

/** Labels that an object must have. */
export interface LabelFilter {
  matches(labels: Readonly<Record<string, string>>): boolean;
}

/** A field whose objects need no search. */
export interface IndexedField<T extends ObjectMetadata> {
  readonly read: FieldReader<T>;
  /** Sorted by namespace, then name. */
  readonly objectsWith: (value: string) => readonly T[];
}

export interface MetricsResourceOptions<T extends ObjectMetadata> {
  readonly group: string;
  readonly resource: ApiResource;
  /** The objects that can be asked for; only those with usage are answered. */
  readonly lister: Lister<T>;
  /** What a 404 calls an object that the lister does not know. Upstream says `node` but `pods`. */
  readonly unknownKind: string;
  /** Undefined when nothing can be said about the object yet. */
  readonly measure: (object: T, createdMs: number) => MetricsItem | undefined;
  /** The same of many objects, written rather than made. @default one item after the other */
  readonly inBytes?: (objects: readonly T[], createdMs: number) => ItemsInBytes | undefined;
  /** Fields by which lists can be selected, beside those of the metadata. @default none */
  readonly fields?: Readonly<Record<string, IndexedField<T>>>;
  /** Narrows lists, whatever is asked. */
  readonly selector?: LabelFilter;
  readonly clock: Clock;
  /** Told the age of each sample that is returned. */
  readonly freshness?: (ageSeconds: number) => void;
}

/** Reads the measured objects of one lister: all that match, or one by name. */
export class MetricsResource<T extends ObjectMetadata = ObjectMetadata> {
  constructor(private readonly options: MetricsResourceOptions<T>) {}

  list(namespace: string, { labelSelector, fieldSelector }: ListOptions): ApiResult {
    const { clock, fields = {}, inBytes, resource, selector } = this.options;
    const matchesFields = fieldMatcher(fieldSelector, Object.fromEntries(Object.entries(fields).map(([field, { read }]) => [field, read])));
    const all = this.candidates(namespace, fieldSelector);
    const isSelected = fieldSelector.length > 0 || !labelSelector.isEverything || selector !== undefined;
    const objects = !isSelected ? all : all.filter(object =>
      matchesFields(object) && labelSelector.matches(object.labels.values) && (selector?.matches(object.labels.values) ?? true));
    const nowMs = clock.now();
    const items = { length: objects.length, [Symbol.iterator]: () => this.measured(objects, nowMs), inBytes: inBytes?.(objects, nowMs) };
    return { kind: `${resource.kind}List`, items, columns: usageColumns };
  }

  get(namespace: string, name: string): ApiResult {
    const { group, lister, resource, unknownKind } = this.options;
    const object = lister.get(namespace, name);
    if (object === undefined) throw StatusError.notFound(unknownKind, '', name);
    const [item] = this.measured([object], this.options.clock.now());
    if (item === undefined) {
      throw StatusError.notFound(resource.kind.toLowerCase(), group, namespace === '' ? name : `${namespace}/${name}`);
    }
    return { kind: resource.kind, item, columns: usageColumns };
  }

  /** All that may be asked for, and as few others as possible. */
  private candidates(namespace: string, fieldSelector: readonly FieldRequirement[]): readonly T[] {
    const { fields = {}, lister } = this.options;
    const indexed = fieldSelector.find(({ field, operator }) => operator === '=' && Object.hasOwn(fields, field));
    if (!indexed) return lister.list(namespace === '' ? undefined : namespace);
    const objects = fields[indexed.field].objectsWith(indexed.value);
    return namespace === '' ? objects : objects.filter(object => object.namespace === namespace);
  }

  /** One after the other as they are encoded, so that a list of any length needs the memory of one object. */
  private *measured(objects: Iterable<T>, nowMs: number): Generator<MetricsItem> {
    const { freshness, measure } = this.options;
    for (const object of objects) {
      const item = measure(object, nowMs);
      if (item === undefined) continue;
      freshness?.((nowMs - item.timestampMs) / 1000);
      yield item;
    }
  }
}
