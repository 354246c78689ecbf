import { Lister } from './lister';
import { ObjectMetadata } from './object-metadata';
import { ReflectorHandler } from './reflector';

/** A Lister that a Reflector keeps up to date. */
export class ObjectCache<T extends ObjectMetadata> implements Lister<T>, ReflectorHandler<T> {
  private namespaces = new Map<string, Namespace<T>>();
  private all: readonly T[] | undefined;
  private complete = false;

  /** `onChange` is told of each object that is new or another than before. */
  constructor(private readonly onChange: (item: T) => void = () => {}) {}

  get synced(): boolean {
    return this.complete;
  }

  get size(): number {
    let size = 0;
    for (const namespace of this.namespaces.values()) size += namespace.objects.size;
    return size;
  }

  get(namespace: string, name: string): T | undefined {
    return this.namespaces.get(namespace)?.objects.get(name);
  }

  list(namespace?: string): readonly T[] {
    if (namespace !== undefined) return this.namespaces.get(namespace)?.sorted() ?? [];
    this.all ??= [...this.namespaces.keys()].sort().flatMap((name) => this.namespaces.get(name)!.sorted());
    return this.all;
  }

  replace(items: readonly T[]): void {
    this.namespaces = new Map();
    for (const item of items) this.apply(item);
    this.all = undefined;
    this.complete = true;
  }

  apply(item: T): void {
    this.all = undefined;
    let namespace = this.namespaces.get(item.namespace);
    if (!namespace) this.namespaces.set(item.namespace, namespace = new Namespace());
    namespace.set(item);
    this.onChange(item);
  }

  remove(item: T): void {
    const namespace = this.namespaces.get(item.namespace);
    if (!namespace?.delete(item.name)) return;
    this.all = undefined;
    if (namespace.objects.size === 0) this.namespaces.delete(item.namespace);
  }
}

class Namespace<T extends ObjectMetadata> {
  readonly objects = new Map<string, T>();
  private view: readonly T[] | undefined;

  set(item: T): void {
    this.objects.set(item.name, item);
    this.view = undefined;
  }

  delete(name: string): boolean {
    this.view = undefined;
    return this.objects.delete(name);
  }

  /** A new array after each change, so that whoever iterates the old one is not disturbed. */
  sorted(): readonly T[] {
    this.view ??= [...this.objects.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.view;
  }
}
