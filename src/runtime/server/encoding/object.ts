import { ApiItem } from '../api-object';
import { ApiResult } from '../group-version';
import { ItemCursor, ItemList } from '../item-list';
import { ByteWriter, Fragment } from './byte-writer';
import { Document, DocumentArray } from './document';
import { oneByOne } from './pieces';
import { listMessage, ProtobufDocument, singleMessage } from './protobuf';

const METADATA = new Fragment('{"metadata":');
const COMMA = 0x2c;
const CLOSING_BRACE = 0x7d;

/** The result as it is: one object, or a list of objects that leave out kind and version. */
export function objectDocument(result: ApiResult, groupVersion: string): Document {
  const type = typeMembers(result.kind, groupVersion);
  const protobuf: ProtobufDocument = {
    apiVersion: groupVersion,
    kind: result.kind,
    ...'items' in result && { items: result.items },
    message: 'item' in result
      ? singleMessage((writer) => result.item.writeProtobuf(writer))
      : listMessage(result, (item, writer) => item.writeProtobuf(writer)),
  };
  return 'item' in result
    ? { head: `{${type},${itemMembers(result.item)}}`, protobuf }
    : { head: `{${type},"metadata":${listMetadata(result)}}`, array: itemArray(result.items), protobuf };
}

function itemArray(items: ItemList): DocumentArray {
  const { inBytes } = items;
  return {
    member: 'items',
    elements: map(items, (item) => `{${itemMembers(item)}}`),
    inBytes: inBytes && {
      items: inBytes,
      form: 'object',
      elements: (from) => inBytes.jsonRuns?.(from) ?? oneByOne(inBytes.cursor(from), writeItemJson),
    },
  };
}

export function writeItemJson(item: ItemCursor, writer: ByteWriter): void {
  writer.fragment(METADATA);
  item.writeMetadataJson(writer);
  writer.byte(COMMA);
  item.writeMembersJson(writer);
  writer.byte(CLOSING_BRACE);
}

export function listMetadata(result: ApiResult): string {
  return JSON.stringify('items' in result && result.metadata || {});
}

export function typeMembers(kind: string, groupVersion: string): string {
  return `"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(groupVersion)}`;
}

/** Members of an object but for kind and version. Values of custom metrics have no metadata. */
export function itemMembers(item: ApiItem): string {
  const metadata = item.metadataJson();
  const members = item.membersJson();
  return metadata === '' ? members : members === '' ? `"metadata":${metadata}` : `"metadata":${metadata},${members}`;
}

export function* map<T, U>(items: Iterable<T>, transform: (item: T) => U): Generator<U> {
  for (const item of items) yield transform(item);
}

/** Whether there is anything, and all of it. */
export function peek(items: ItemList): [some: boolean, items: ItemList] {
  if (items.inBytes) return [items.inBytes.some, items];
  const iterator = items[Symbol.iterator]();
  const first = iterator.next();
  const all = function* () {
    if (first.done) return;
    yield first.value;
    yield* { [Symbol.iterator]: () => iterator };
  };
  return [!first.done, { length: items.length, [Symbol.iterator]: all }];
}
