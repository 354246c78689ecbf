/** Remembers what was made of so many keys. When one more comes, it begins anew: simple, and enough where keys are few unless somebody makes them up. */
export class BoundedCache<V> {
  private readonly values = new Map<string, V>();

  constructor(private readonly max: number) {}

  /** What `make` throws is thrown, and not remembered. */
  getOrMake(key: string, make: () => V): V {
    if (this.values.has(key)) return this.values.get(key)!;
    const value = make();
    if (this.values.size >= this.max) this.values.clear();
    this.values.set(key, value);
    return value;
  }
}
