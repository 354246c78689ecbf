/** What the metrics adapter's configuration may hold: the construct refuses at synth what the runtime would refuse at its start. */

export const ALLOWED_METRIC_NAME = 'up to 253 letters, digits, _, :, . and -';

/** One segment of a path, which a rule of Kubernetes' access control can name. */
export function isMetricName(name: string): boolean {
  return /^[A-Za-z0-9_:.-]{1,253}$/.test(name) && !/^\.+$/.test(name);
}

/** Kubernetes takes these for a part of the namespace. */
export const RESERVED_METRIC_NAMES: readonly string[] = ['status', 'finalize'];

/** A DNS label. */
export function isNamespaceName(name: string): boolean {
  return /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}

/** The first one is the default. */
export const COMBINATIONS = ['sum', 'max'] as const;
export const EMPTY_MEANINGS = ['error', 'zero', 'last'] as const;
export const NAN_MEANINGS = ['error', 'zero', 'skip', 'last'] as const;

export const REFRESH = { defaultMs: 15_000, minMs: 1000, maxMs: 3_600_000 };
/** At least `refresh`. */
export const MAX_AGE = { defaultMs: 60_000, maxMs: 86_400_000 };

/** What a value's greatest age is where nobody says: there is time for a second try. */
export function defaultMaxAgeMs(refreshMs: number): number {
  return Math.max(MAX_AGE.defaultMs, 2 * refreshMs);
}

/** An autoscaler asks every 15 seconds. */
export const SOURCE_TIMEOUT = { defaultMs: 10_000, minMs: 100, maxMs: 60_000 };

export const ALLOWED_SOURCE_NAME = 'up to 63 lower case letters, digits and -';

export function isSourceName(name: string): boolean {
  return /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}

/** What follows the URL of whatever speaks HTTP. */
export function isDocumentPath(path: string): boolean {
  return /^\/[!-~]*$/.test(path) && !path.includes('#');
}

/** Labels of samples that are made of a JSON document. */
export function isJsonLabel(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name);
}

/** Headers that are not the user's to set, in lower case, and how they are set. */
export const RESERVED_HEADERS: Readonly<Record<string, string>> = {
  'authorization': 'use bearerTokenFile or basicAuth, which keep secrets out of the configuration',
  'host': 'it is part of url',
  'content-type': 'it depends on verb',
  'content-length': 'it depends on the query',
  'accept-encoding': 'answers are read as they are',
};

export function isHeaderName(name: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}

export function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(value);
}
