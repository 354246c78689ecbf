import * as fc from 'fast-check';
import { mutated } from './mutation';
import { FuzzTarget } from './target';

export interface Limits {
  readonly seed: number;
  readonly durationMs: number;
}

export interface Exploration {
  readonly inputs: number;
  /** What did not hold, and the smallest input by which it did not. */
  readonly finding?: { readonly input: Uint8Array; readonly problem: string };
}

/** Tries the corpus, and changes of it until the time is up or something is found. `onInput` sees each before it is tried. */
export async function explore(target: FuzzTarget, corpus: readonly Buffer[], limits: Limits, onInput: (input: Buffer) => void): Promise<Exploration> {
  let inputs = 0;
  const attempt = async (input: Buffer): Promise<void> => {
    inputs++;
    onInput(input);
    await target.check(input);
  };
  const details = await fc.check(fc.asyncProperty(mutated(corpus, target.words), attempt), {
    seed: limits.seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: limits.durationMs,
    markInterruptAsFailure: false,
    examples: corpus.map((input) => [input]),
  });
  if (!details.failed || !details.counterexample) return { inputs };
  const { counterexample: [input], errorInstance } = details;
  const problem = errorInstance instanceof Error ? errorInstance.stack ?? errorInstance.message : String(errorInstance);
  return { inputs, finding: { input, problem } };
}
