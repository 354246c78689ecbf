import * as fc from 'fast-check';

/** Of random samples: new ones by hand, the same each time in CI, where no landing is to fall over a counterexample to what it did not touch. */
export const SEED = process.env.CI === undefined ? Math.floor(Math.random() * 2 ** 31) : 1;

fc.configureGlobal({ seed: SEED });
