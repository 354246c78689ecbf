/** Two lists as one, which stays the same array while neither changes. */
export class JoinedList<T> {
  private first: readonly T[] = [];
  private second: readonly T[] = [];
  private joined: readonly T[] = [];

  /** What both have stands once. `keyOf` says what is the same. */
  constructor(private readonly keyOf: (item: T) => string) {}

  of(first: readonly T[], second: readonly T[]): readonly T[] {
    if (first !== this.first || second !== this.second) {
      const known = new Set(first.map(this.keyOf));
      this.first = first;
      this.second = second;
      this.joined = [...first, ...second.filter((item) => !known.has(this.keyOf(item)))];
    }
    return this.joined;
  }
}
