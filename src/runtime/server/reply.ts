import { Document, toJson } from './encoding/document';
import { encodeJson, encodePrettyJson } from './encoding/json';
import { yamlEncoder } from './encoding/yaml';
import { negotiate, Representation } from './negotiation';
import { StatusError } from './status';

/** An answer, before anything of it is sent. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Long ones come in pieces, made as fast as the client takes them. */
  readonly body: string | Iterable<string>;
}

/** What the form of an answer depends on. */
export interface Preferences {
  readonly accept: string | undefined;
  readonly pretty: boolean;
}

export function textReply(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }, body };
}

/** Indented JSON, whatever the client accepts. */
export function rawJsonReply(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value, null, 2) };
}

export async function documentReply(document: Document, { mediaType }: Representation, pretty: boolean): Promise<Reply> {
  return { status: 200, headers: { 'content-type': mediaType }, body: await encode(document, mediaType, pretty) };
}

/** Errors are never refused for their form: who accepts nothing of ours gets JSON. */
export async function statusReply(error: StatusError, { accept, pretty }: Preferences): Promise<Reply> {
  const mediaType = acceptable(accept);
  const retryAfter: Record<string, string> = error.details?.retryAfterSeconds ? { 'retry-after': String(error.details.retryAfterSeconds) } : {};
  return {
    status: error.code,
    headers: { 'content-type': mediaType, ...retryAfter },
    body: [...await encode({ head: toJson(error) }, mediaType, pretty)].join(''),
  };
}

function acceptable(accept: string | undefined): Representation['mediaType'] {
  try {
    return negotiate(accept).mediaType;
  } catch {
    return 'application/json';
  }
}

async function encode(document: Document, mediaType: Representation['mediaType'], pretty: boolean): Promise<Iterable<string>> {
  if (mediaType === 'application/yaml') return (await yamlEncoder())(document);
  return pretty ? encodePrettyJson(document) : encodeJson(document);
}
