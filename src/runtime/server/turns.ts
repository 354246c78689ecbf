/** Has tasks take turns, so that no two are under way at the same time. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.last.then(task);
    // Nor is what came of it held until the next one.
    this.last = turn.then(() => undefined, () => undefined);
    return turn;
  }
}
