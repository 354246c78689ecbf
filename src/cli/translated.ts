/** What became of the settings of another tool. */
export interface Translated {
  /** TypeScript that says the same. */
  readonly program: string;
  /** One line for each setting that it could not say. */
  readonly complaints: readonly string[];
}
