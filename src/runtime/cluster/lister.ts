import { ObjectMetadata } from './object-metadata';

/** The objects of one kind that the API server holds, as last seen by list and watch. */
export interface Lister<T extends ObjectMetadata = ObjectMetadata> {
  /** True once the first list has been read completely. */
  readonly synced: boolean;
  readonly size: number;
  /** `namespace` is empty for cluster-scoped kinds. */
  get(namespace: string, name: string): T | undefined;
  /** Sorted by namespace, then name; of one namespace if given. Not affected by changes made while iterating. */
  list(namespace?: string): readonly T[];
}
