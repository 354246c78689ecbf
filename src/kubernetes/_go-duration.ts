import { Duration } from 'cdk8s';

/** A duration as Go's flags take it. */
export function goDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** A long duration, in hours where they are whole. */
export function goDurationInHours(duration: Duration): string {
  const ms = duration.toMilliseconds();
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : goDuration(ms);
}
