import { SourceError } from './source-error';

/** So many failures in a row are no accident. */
export const FAILURES = 3;

/**
 * Whether a source answers: not when it answered none of several questions in a row. What it fails at while it answers others says nothing of it, nor does
 * a question that it refuses.
 */
export class SourceHealth {
  /** How often it has answered. */
  answers = 0;
  /** In a row. */
  failures = 0;
  /** What was asked each time of these; undefined for several questions. */
  private onlyQuestion: string | undefined;

  answered(): void {
    this.answers++;
    this.failures = 0;
  }

  /** @param answersBefore those when it was asked. @returns whether the source failed, rather than the question */
  failed(asked: string, error: SourceError, answersBefore: number): boolean {
    if (!error.isOfSource) {
      this.answered();
      return false;
    }
    if (this.answers !== answersBefore) return false;
    this.onlyQuestion = this.failures === 0 || this.onlyQuestion === asked ? asked : undefined;
    this.failures++;
    return true;
  }

  /** Whether this question would fail, too: not if it was always another one, which may be too much for the source. */
  failsAt(asked: string): boolean {
    return this.failures >= FAILURES && (this.onlyQuestion === undefined || this.onlyQuestion === asked);
  }
}
