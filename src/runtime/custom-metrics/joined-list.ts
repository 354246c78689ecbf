/** Several lists as one, which stays the same array while none of them changes. */
export class JoinedList<T> {
  private lists: readonly (readonly T[])[] = [];
  private joined: readonly T[] = [];

  /** What several have stands once, as the first has it. `keyOf` says what is the same. */
  constructor(private readonly keyOf: (item: T) => string) {}

  of(...lists: readonly (readonly T[])[]): readonly T[] {
    if (lists.length !== this.lists.length || lists.some((list, index) => list !== this.lists[index])) {
      const byKey = new Map<string, T>();
      for (const item of lists.flat()) if (!byKey.has(this.keyOf(item))) byKey.set(this.keyOf(item), item);
      this.lists = lists;
      this.joined = [...byKey.values()];
    }
    return this.joined;
  }
}
