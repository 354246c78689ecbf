/** A configuration that cannot be used. The message says where, what was given, what is allowed and how to mend it. */
export class ConfigurationError extends Error {
  readonly name = 'ConfigurationError';

  constructor(readonly file: string, readonly line: number, readonly problem: string) {
    super(`${file}:${line}: ${problem}`);
  }
}
