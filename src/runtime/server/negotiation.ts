import { StatusError } from './status';

/** Media types that objects are served in; the first is what `*\/*` gets. */
export const MEDIA_TYPES = ['application/json', 'application/yaml'] as const;

export type MediaType = (typeof MEDIA_TYPES)[number];

/** Another kind that the client wants the object as: `application/json;as=Table;g=meta.k8s.io;v=v1`. */
export interface Conversion {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
}

export interface Representation {
  readonly mediaType: MediaType;
  readonly conversion?: Conversion;
}

interface AcceptClause {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/**
 * The representation that an Accept header asks for, by Kubernetes' rules: by quality, then as written, wildcards last; a
 * clause with a conversion that is not possible here is passed over. Throws a StatusError (406) when nothing is left.
 */
export function negotiate(accept: string | undefined, isPossible: (conversion: Conversion) => boolean = () => false): Representation {
  if (!accept) return { mediaType: MEDIA_TYPES[0] };
  const clauses = acceptClauses(accept);
  if (!clauses.some((clause) => mediaTypeFor(clause))) throw StatusError.notAcceptable(MEDIA_TYPES);
  for (const clause of clauses) {
    const mediaType = mediaTypeFor(clause);
    if (!mediaType || clause.parameters.has('stream')) continue;
    const conversion = conversionOf(clause);
    if (!conversion || isPossible(conversion)) return { mediaType, conversion };
  }
  throw StatusError.notTransformable(`only the following media types are accepted: ${MEDIA_TYPES.join(', ')}`);
}

/** Clients are few programs, which each send the same header again and again. */
const MAX_KEPT = 32;
const kept = new Map<string, readonly AcceptClause[]>();

function acceptClauses(header: string): readonly AcceptClause[] {
  const clauses = kept.get(header) ?? parseAccept(header);
  if (kept.size >= MAX_KEPT) kept.clear();
  if (header.length < 1024) kept.set(header, clauses);
  return clauses;
}

function parseAccept(header: string): AcceptClause[] {
  const clauses = header.split(',').flatMap((text): AcceptClause[] => {
    const [range, ...rest] = text.split(';').map((part) => part.trim());
    const [type, subtype = '*'] = range.toLowerCase().split('/');
    const parameters = new Map(rest.map((parameter): [string, string] => {
      const [name, value = ''] = parameter.split('=', 2);
      return [name.trim().toLowerCase(), value.trim()];
    }));
    const quality = parameters.has('q') ? Number.parseFloat(parameters.get('q')!) : 1;
    return type !== '' && quality > 0 ? [{ type, subtype, parameters, quality }] : [];
  });
  return clauses.sort((a, b) => b.quality - a.quality || wildcards(a) - wildcards(b));
}

function wildcards({ type, subtype }: AcceptClause): number {
  return Number(type === '*') + Number(subtype === '*');
}

function mediaTypeFor({ type, subtype }: AcceptClause): MediaType | undefined {
  return MEDIA_TYPES.find((mediaType) => {
    const [servedType, servedSubtype] = mediaType.split('/');
    return (type === '*' || type === servedType) && (subtype === '*' || subtype === servedSubtype);
  });
}

function conversionOf({ parameters }: AcceptClause): Conversion | undefined {
  const kind = parameters.get('as');
  return kind ? { kind, group: parameters.get('g') ?? '', version: parameters.get('v') ?? '' } : undefined;
}
