import { FieldRequirement, parseFieldSelector } from './field-selector';
import { StatusError } from './status';
import { goQuote } from '../go-quote';
import { parseSelector, Selector } from '../labels/selector';

/** What the query of a list says, as meta/v1 ListOptions; what has no effect here is checked and left out. */
export interface ListOptions {
  readonly labelSelector: Selector;
  /** Without terms that have neither field nor value, such as `=`: apimachinery drops them as it converts. */
  readonly fieldSelector: readonly FieldRequirement[];
  readonly watch: boolean;
  /** At most so many objects. 0 for all. */
  readonly limit: number;
  /** Where the list goes on that a limit has cut. */
  readonly continue: string;
  readonly resourceVersion: string;
}

const INT64 = /^[+-]?\d+$/;

/** Of a selector that is read for somebody who may not have the right to ask. Those of autoscalers have a few hundred. */
const MAX_UNAUTHORIZED_CHARACTERS = 4096;

/** Throws a StatusError: 400 for what cannot be read, 422 for what does not go together. */
export function parseListOptions(query: URLSearchParams): ListOptions {
  const options = readListOptions(query);
  validate(options, query.get('resourceVersionMatch') ?? '', query.has('sendInitialEvents'));
  return options;
}

/** Throws a StatusError (400) for what cannot be read, in the order in which apimachinery reads. */
export function readListOptions(query: URLSearchParams): ListOptions {
  const text = (name: string) => query.get(name) ?? '';
  integer(query.get('timeoutSeconds'));
  const limit = integer(query.get('limit'));
  return {
    limit,
    watch: isTrue(query.get('watch')),
    labelSelector: readSelector(query, 'labelSelector'),
    fieldSelector: readable(parseFieldSelector, text('fieldSelector')).filter(({ field, value }) => field !== '' || value !== ''),
    continue: text('continue'),
    resourceVersion: text('resourceVersion'),
  };
}

/**
 * Whether selectors are read before their request is authorized. Where one is long, it is authorized as if it had none, which is more than it asks
 * for, and they are read afterwards: nobody without a right has thousands of requirements read, and the API server does not get them.
 */
export function hasShortSelectors(query: URLSearchParams): boolean {
  return ['labelSelector', 'fieldSelector'].every((name) => (query.get(name) ?? '').length <= MAX_UNAUTHORIZED_CHARACTERS);
}

/** A label selector in the query. Throws a StatusError (400) for what cannot be read. */
export function readSelector(query: URLSearchParams, name: string): Selector {
  return readable(parseSelector, query.get(name) ?? '');
}

/** A boolean parameter as apimachinery converts it: given is true, but for these two. */
export function isTrue(value: string | null): boolean {
  return value !== null && !['false', '0'].includes(value.toLowerCase());
}

/** 0 when it is not given; given and empty is no number. */
function integer(text: string | null): number {
  if (text === null) return 0;
  if (!INT64.test(text)) throw StatusError.badRequest(`strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`);
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) !== value) throw StatusError.badRequest(`strconv.ParseInt: parsing ${goQuote(text)}: value out of range`);
  return Number(value);
}

/** Both selectors' errors are written for the client. */
function readable<T>(parse: (text: string) => T, text: string): T {
  try {
    return parse(text);
  } catch (error) {
    throw StatusError.badRequest((error as Error).message);
  }
}

/** Which resource version is served is not for the client to choose; nonsense is refused all the same. */
function validate({ watch, continue: token, resourceVersion }: ListOptions, match: string, sendInitialEvents: boolean): void {
  const causes: [field: string, reason: string, message: string][] = [];
  const forbid = (field: string, message: string) => causes.push([field, 'FieldValueForbidden', `Forbidden: ${message}`]);
  const allowed = watch ? ['NotOlderThan'] : ['Exact', 'NotOlderThan', ''];
  if (watch && sendInitialEvents && match !== 'NotOlderThan') {
    forbid('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (match !== '') {
    if (watch && !sendInitialEvents) forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
    if (!watch && resourceVersion === '') forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (!watch && token !== '') forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
    if (!allowed.includes(match)) {
      causes.push(['resourceVersionMatch', 'FieldValueNotSupported', `Unsupported value: ${goQuote(match)}: supported values: ${allowed.map(goQuote).join(', ')}`]);
    }
    if (watch && token !== '') forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
    if (!watch && match === 'Exact' && resourceVersion === '0') {
      forbid('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (!watch && sendInitialEvents) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  if (causes.length > 0) throw StatusError.invalid('ListOptions', 'meta.k8s.io', causes.map(([field, reason, message]) => ({ reason, message, field })));
}
