/** The command line is wrong. Its message is all the user needs: one line for each mistake, no stack trace; the process ends with 2. */
export class UsageError extends Error {
  constructor(public readonly mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.name = 'UsageError';
  }
}

/** A text is not a value of the flag's type; says why, in the words of Go's parsers. */
export class InvalidValueError extends Error {}
