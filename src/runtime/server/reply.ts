import { Document } from './encoding/document';
import { encodeJson, encodePrettyJson } from './encoding/json';
import { toJson } from './encoding/json-text';
import { metaProtobuf } from './encoding/meta-messages';
import { encodeProtobuf } from './encoding/protobuf';
import { SharedPieces } from './encoding/shared-pieces';
import { WholeMessages } from './encoding/whole-messages';
import { yamlEncoder } from './encoding/yaml';
import { negotiate, Representation } from './negotiation';
import { StatusError } from './status';

/** An answer, before anything of it is sent. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Long ones come in pieces, made as fast as the client takes them. An array, all of which is made, is emptied as they are sent. */
  readonly body: string | Iterable<string | Uint8Array>;
}

/** What the form of an answer depends on. */
export interface Preferences {
  readonly accept: string | undefined;
  readonly pretty: boolean;
}

/** What answers that are made at the same time have in common. */
export interface Sharing {
  readonly pieces: SharedPieces;
  readonly messages: WholeMessages;
  /** Of who asks: nothing is made for who has gone. */
  readonly signal: AbortSignal;
}

export function textReply(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }, body };
}

/** Indented JSON, whatever the client accepts. */
export function rawJsonReply(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value, null, 2) };
}

export async function documentReply(
  document: Document, { mediaType, pretty }: Representation, preferences: Preferences, sharing?: Sharing,
): Promise<Reply> {
  return { status: 200, headers: { 'content-type': mediaType }, body: await encode(document, mediaType, pretty ?? preferences.pretty, sharing) };
}

/** Errors are never refused for their form: who accepts nothing of ours gets JSON. */
export async function statusReply(error: StatusError, { accept, pretty }: Preferences): Promise<Reply> {
  const more: Record<string, string> = {
    ...error.details?.retryAfterSeconds && { 'retry-after': String(error.details.retryAfterSeconds) },
    ...error.code === 403 && { 'x-content-type-options': 'nosniff' },
  };
  const representation = acceptable(accept);
  if (!representation) {
    const reply = rawJsonReply(error.code, error);
    return { ...reply, headers: { ...reply.headers, ...more } };
  }
  const { mediaType } = representation;
  const body = await encode({ head: toJson(error), protobuf: metaProtobuf(error.toJSON()) }, mediaType, representation.pretty ?? pretty);
  return { status: error.code, headers: { 'content-type': mediaType, ...more }, body };
}

function acceptable(accept: string | undefined): Representation | undefined {
  try {
    return negotiate(accept);
  } catch {
    return undefined;
  }
}

async function encode(document: Document, mediaType: Representation['mediaType'], pretty: boolean, sharing?: Sharing): Promise<Reply['body']> {
  switch (mediaType) {
    case 'application/yaml':
      return (await yamlEncoder())(document);
    case 'application/vnd.kubernetes.protobuf':
      return sharing ? sharing.messages.encode(document.protobuf!, sharing.signal) : encodeProtobuf(document.protobuf!);
    default:
      return pretty ? encodePrettyJson(document) : encodeJson(document, sharing?.pieces);
  }
}
