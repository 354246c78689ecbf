import { MAX_SAMPLES } from '../limits';

/** Some ten seconds of work at worst, and some ten megabytes that are kept. */
const LIMITS = {
  'samples': MAX_SAMPLES,
  'characters of series': 8 * 1024 * 1024,
  'characters of pages': 256 * 1024 * 1024,
};

/** All pods of a metric together say more than is taken from them: it fails, where a page of one pod would fail alone. */
export class RoundBudgetError extends Error {
  readonly name = 'RoundBudgetError';

  constructor(limit: string) {
    super(`all pods together have more than ${limit}; choose fewer pods, or have them say less`);
  }
}

/** What all pods of a metric may take in one round: each pod is bounded, yet there may be a thousand. */
export class RoundBudget {
  private readonly taken = { 'samples': 0, 'characters of series': 0, 'characters of pages': 0 };

  constructor(private readonly limits: Readonly<typeof LIMITS> = LIMITS) {}

  /** @throws RoundBudgetError */
  take(what: keyof typeof LIMITS, amount: number): void {
    this.taken[what] += amount;
    if (this.taken[what] > this.limits[what]) throw new RoundBudgetError(`${this.limits[what]} ${what}`);
  }
}
