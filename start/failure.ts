/** A step that did not work: one line, and what the runtime said last. */
export class Failure extends Error {
  constructor(message: string, public readonly details: readonly string[] = []) {
    super(message);
  }
}
