/** Gives out one object for equal texts. One that nobody has any longer is freed. */
export class SharedValues<T extends object> {
  private readonly known = new Map<string, WeakRef<T>>();
  private readonly freed = new FinalizationRegistry<string>((text) => {
    // A new one with the same text may have taken the place meanwhile.
    if (this.known.get(text)?.deref() === undefined) this.known.delete(text);
  });

  constructor(private readonly make: (text: string) => T) {}

  /** Distinct ones in use, up to those that the garbage collector has yet to find. */
  get size(): number {
    return this.known.size;
  }

  of(text: string): T {
    return this.known.get(text)?.deref() ?? this.add(text);
  }

  private add(text: string): T {
    const value = this.make(text);
    this.known.set(text, new WeakRef(value));
    this.freed.register(value, text);
    return value;
  }
}
