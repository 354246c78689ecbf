import { StatusError } from './status';
import { BoundedCache } from '../bounded-cache';

/** Media types that objects are served in; the first is what `*\/*` gets. */
export const MEDIA_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;

export type MediaType = (typeof MEDIA_TYPES)[number];

/** Those that a watch could be streamed in. */
export const STREAMED: readonly MediaType[] = ['application/json', 'application/vnd.kubernetes.protobuf'];

/** Another kind that the client wants the object as: `application/json;as=Table;g=meta.k8s.io;v=v1`. */
export interface Conversion {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
}

export interface Representation {
  readonly mediaType: MediaType;
  readonly conversion?: Conversion;
  /** Indented, says the media type itself. */
  readonly pretty?: boolean;
}

/** What can be asked of a media type where the request leads. */
export interface Endpoint {
  /** Whether something can be had as another kind in a media type. */
  readonly converts: (conversion: Conversion, mediaType: MediaType) => boolean;
  /** Pass over clauses that ask for no other kind. @default false */
  readonly convertsOnly?: boolean;
  /** The version of meta.k8s.io that `sv` may name. */
  readonly serverVersion?: string;
}

const PLAIN: Endpoint = { converts: () => false };

interface AcceptClause {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/**
 * The representation that an Accept header asks for, by Kubernetes' rules, which are not quite HTTP's: by quality, then as
 * written, wildcards last; capitals count; a clause that is not possible here is passed over. Throws a StatusError (406) when
 * nothing is left.
 */
export function negotiate(accept: string | undefined, endpoint: Endpoint = PLAIN): Representation {
  if (!accept) return { mediaType: MEDIA_TYPES[0] };
  for (const clause of acceptClauses(accept)) {
    const mediaType = MEDIA_TYPES.find((one) => isFor(clause, one) && isAllowed(clause, one, endpoint));
    if (mediaType) {
      const conversion = conversionOf(clause);
      return { mediaType, ...conversion && { conversion }, ...clause.parameters.get('pretty') === '1' && { pretty: true } };
    }
  }
  throw StatusError.notTransformable(`only the following media types are accepted: ${MEDIA_TYPES.join(', ')}`);
}

/**
 * Throws a StatusError (406) unless some media type is named, or any; `application/*` names none. go-restful asks so before
 * a request gets to where it is answered. `more` is only named to the client.
 */
export function assertAcceptable(accept: string | undefined, served: readonly string[] = MEDIA_TYPES, more: readonly string[] = []): void {
  const named = (accept || '*/*').split(',', MAX_CLAUSES).map((clause) => trim(clause.split(';', 1)[0]));
  if (named.some((range) => range === '*/*' || served.includes(range))) return;
  throw StatusError.notAcceptable([...served, ...more]);
}

function isFor({ type, subtype }: AcceptClause, mediaType: MediaType): boolean {
  if (type === '*') return subtype === '*';
  return subtype === '*' ? mediaType.startsWith(`${type}/`) : mediaType === `${type}/${subtype}`;
}

function isAllowed(clause: AcceptClause, mediaType: MediaType, { converts, convertsOnly = false, serverVersion }: Endpoint): boolean {
  const stream = clause.parameters.get('stream');
  if (stream !== undefined && (stream !== 'watch' || !STREAMED.includes(mediaType))) return false;
  if ((clause.parameters.get('sv') ?? serverVersion) !== serverVersion) return false;
  const conversion = conversionOf(clause);
  return conversion ? converts(conversion, mediaType) : !convertsOnly;
}

function conversionOf({ parameters }: AcceptClause): Conversion | undefined {
  if (parameters.size === 0) return undefined;
  const [kind, group, version] = ['as', 'g', 'v'].map((name) => parameters.get(name));
  return kind === undefined && group === undefined && version === undefined
    ? undefined
    : { kind: kind ?? '', group: group ?? '', version: version ?? '' };
}

/** No client has so many; a header, which anybody may send, has room for a hundred thousand. Those beyond are not read. */
const MAX_CLAUSES = 64;
const MAX_PARAMETERS = 16;

/** Clients are few programs, which each send the same header again and again. */
const MAX_KEPT = 32;
const MAX_KEPT_LENGTH = 1024;
const kept = new BoundedCache<readonly AcceptClause[]>(MAX_KEPT);

function acceptClauses(header: string): readonly AcceptClause[] {
  return header.length < MAX_KEPT_LENGTH ? kept.getOrMake(header, () => parseAccept(header)) : parseAccept(header);
}

/** As goautoneg: the order of clauses is not a total one, so that the way of sorting matters too. */
function parseAccept(header: string): AcceptClause[] {
  const sorted: AcceptClause[] = [];
  for (const clause of header.split(',', MAX_CLAUSES).flatMap(parseClause)) {
    let index = sorted.length;
    while (index > 0 && precedes(clause, sorted[index - 1])) index--;
    sorted.splice(index, 0, clause);
  }
  return sorted;
}

function precedes(a: AcceptClause, b: AcceptClause): boolean {
  return a.quality > b.quality || a.type !== '*' && b.type === '*' || a.subtype !== '*' && b.subtype === '*';
}

function parseClause(text: string): AcceptClause[] {
  const [range, ...rest] = trim(text).split(';', MAX_PARAMETERS);
  const [type, subtype, ...more] = range.split('/', MAX_PARAMETERS).map(trim);
  if (more.join('') !== '' || !subtype && type !== '*') return [];
  const parameters = new Map<string, string>();
  let quality = 1;
  for (const parameter of rest) {
    const [name, value, ...none] = parameter.split('=', MAX_PARAMETERS);
    if (!value || none.join('') !== '') continue;
    if (trim(name) === 'q') quality = /^\d*\.?\d+$|^\d+\.$/.test(value) ? Number.parseFloat(value) : 0;
    else parameters.set(trim(name), trim(value));
  }
  return [{ type, subtype: subtype || '*', parameters, quality }];
}

/** Of spaces alone. An expression would take the square of their number. */
function trim(text: string): string {
  let [begin, end] = [0, text.length];
  while (text[begin] === ' ') begin++;
  while (end > begin && text[end - 1] === ' ') end--;
  return text.slice(begin, end);
}
