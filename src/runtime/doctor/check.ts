import { Examination } from './examination';

/** `unknown` is what could not be looked at: neither a fault nor a success. `skipped` is what the doctor leaves alone, or what the server itself has no right to look at, and needs none. */
export type Severity = 'ok' | 'skipped' | 'unknown' | 'warning' | 'error';

/** One thing that a check saw. */
export interface Finding {
  readonly severity: Severity;
  /** A line for a person, with the names of what was looked at. */
  readonly saw: string;
  /** What to do about it; absent when there is nothing to do. */
  readonly mend?: string;
  /** It is unknown because whoever asks has no right to look at it. */
  readonly lacksRight?: true;
}

/** One thing to look at. Its section in docs/doctor.md is generated from it. */
export interface Check {
  /** Kebab-case; scripts that read the JSON rely on it, so it never changes. */
  readonly id: string;
  /** What is so when all is well: a clause without full stop. */
  readonly title: string;
  /** What is looked at, and what follows when it is not so: sentences. */
  readonly meaning: string;
  /** What to do about it: sentences. */
  readonly mend: string;
  run(examination: Examination): Promise<readonly Finding[]>;
}
