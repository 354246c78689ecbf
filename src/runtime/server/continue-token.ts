import { StatusError } from './status';
import { goQuote } from '../go-quote';

/** Where a list goes on. */
export interface ListPosition {
  /** The snapshot that the first part was taken from; undefined to go on in what there is now. */
  readonly snapshot: number | undefined;
  readonly after: ObjectName;
}

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** The revision that says in kube-apiserver's tokens: whatever is latest. */
const LATEST = -1;
const VERSION = 'meta.k8s.io/v1';
const NOT_OF_ALPHABET = /[^\w\r\n-]/;

/** The key from which kube-apiserver goes on: the next one possible after that of the last object. */
const END_OF_KEY = '\0';

/** A token of kube-apiserver's form: clients must not look into it, but people do. */
export function encodeContinueToken({ snapshot, after: { namespace, name } }: ListPosition): string {
  const start = `${namespace && `${namespace}/`}${name}${END_OF_KEY}`;
  return Buffer.from(JSON.stringify({ v: VERSION, rv: snapshot ?? LATEST, start })).toString('base64url');
}

/** Throws a StatusError (400), as far as that goes in kube-apiserver's words. */
export function decodeContinueToken(text: string): ListPosition {
  const { v, rv = 0, start = '' } = membersOf(text);
  if (v !== VERSION) throw invalid(`continue key is not valid: server does not recognize this encoded version ${String(v ?? '')}`);
  if (rv === 0) throw invalid(`continue key is not valid: incorrect encoded start resourceVersion (version ${VERSION})`);
  if (start === '') throw invalid(`continue key is not valid: encoded start key empty (version ${VERSION})`);
  if (!Number.isSafeInteger(rv) || typeof start !== 'string') throw invalid('continue key is not valid: rv is to be an integer, start a text');
  const segments = start.replace(/^\//, '').replace(END_OF_KEY, '').split('/');
  if (segments.length > 2 || segments.some((segment) => ['', '.', '..'].includes(segment))) throw invalid(`continue key is not valid: ${start}`);
  const [name, namespace = ''] = segments.reverse();
  return { snapshot: (rv as number) < 0 ? undefined : rv as number, after: { namespace, name } };
}

function membersOf(text: string): Partial<Record<'v' | 'rv' | 'start', unknown>> {
  const at = text.search(NOT_OF_ALPHABET);
  const length = text.replace(/[\r\n]/g, '').length;
  const illegalAt = at >= 0 ? at : length % 4 === 1 ? text.length - 1 : -1;
  if (illegalAt >= 0) throw invalid(`continue key is not valid: illegal base64 data at input byte ${illegalAt}`);
  const json = Buffer.from(text, 'base64url').toString();
  try {
    const members = JSON.parse(json) as unknown;
    if (typeof members === 'object' && members !== null && !Array.isArray(members)) return members;
  } catch {
    // Said below.
  }
  throw invalid(`continue key is not valid: ${goQuote(json)} is no JSON object`);
}

function invalid(message: string): StatusError {
  return StatusError.badRequest(`invalid continue token: ${message}`);
}
