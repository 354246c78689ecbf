/** Which values of a JSON document are a metric's. Paths are those of `kubectl get -o jsonpath=`, one expression each. */
export interface JsonValues {
  /** Path to the value: a number, a quantity such as `250m`, true or false, also as text. Such as `{.depth}`. */
  readonly value: string;
  /**
   * Path to what values are made of, one by one, such as `{.queues[*]}`. The other paths begin there.
   *
   * @default - the document itself
   */
  readonly items?: string;
  /**
   * Paths to the labels of a value, by their names, such as `{ queue: '{.name}' }`.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * Value of an item that has none.
   *
   * @default - it gives no value
   */
  readonly absent?: number;
}
