import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { DRAIN_SECONDS } from '../_facts/flags';
import { ImageFacts } from '../_facts/images';
import { refuse } from '../validation/_validation';

/** For what is left to do when the last request is answered. */
const MARGIN_SECONDS = 5;

/** What properties say about it. */
export interface ShutdownOptions {
  readonly shutdownDelay?: Duration;
  readonly terminationGracePeriod?: Duration;
}

/** How pods end, undefined where it is left to the image and to Kubernetes. */
export interface Shutdown {
  readonly delay?: Duration;
  readonly terminationGracePeriod?: Duration;
}

/** A time to end by itself that somebody gave is kept: the delay that follows from the image gives way to it. */
export function shutdownOf(
  scope: IConstruct, { shutdownDelay, terminationGracePeriod }: ShutdownOptions, image: Pick<ImageFacts, 'shutdownDelaySeconds'>,
): Shutdown {
  const graceSeconds = terminationGracePeriod?.toSeconds() ?? Infinity;
  const { shutdownDelaySeconds: usualSeconds = 0 } = image;
  const delaySeconds = shutdownDelay?.toSeconds() ?? (usualSeconds < graceSeconds ? usualSeconds : 0);
  if (delaySeconds === 0) return { terminationGracePeriod };
  const wantedSeconds = delaySeconds + DRAIN_SECONDS + MARGIN_SECONDS;
  if (delaySeconds >= graceSeconds) {
    refuse(scope, {
      property: 'shutdownDelay',
      given: `${delaySeconds}s with a terminationGracePeriod of ${graceSeconds}s`,
      allowed: 'less than terminationGracePeriod, after which the server is killed',
      mend: `leave terminationGracePeriod out for ${wantedSeconds} s, or set shutdownDelay to less`,
    });
  }
  return { delay: Duration.seconds(delaySeconds), terminationGracePeriod: terminationGracePeriod ?? Duration.seconds(wantedSeconds) };
}
