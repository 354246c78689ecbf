import { ApiError } from './api-error';
import { Feature, rightsOf } from '../../_facts/rights';

/** Fields of a log line. */
export interface MissingRight {
  readonly off: string;
  readonly needs: string;
}

/** For the warning about a failure: which feature is off and which right it lacks. Undefined when rights are not what is missing. */
export function missingRight(error: unknown, feature: Feature | undefined): MissingRight | undefined {
  if (feature === undefined || !(error instanceof ApiError) || error.code !== 403) return undefined;
  return rightMissingFor(feature);
}

export function rightMissingFor(feature: Feature): MissingRight {
  return { off: feature.name, needs: rightsOf(feature) };
}
