import { Duration } from 'cdk8s';
import * as fc from 'fast-check';

/** A short name that is valid wherever Kubernetes or Prometheus wants one. */
export const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
export const labels = fc.dictionary(word, word, { minKeys: 1, maxKeys: 6, noNullPrototype: true });
export const duration = fc.integer({ min: 1, max: 1e6 }).map((ms) => Duration.millis(ms));

export function optional<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}
