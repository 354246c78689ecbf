import { ApiItem } from '../api-object';
import { ApiResult } from '../group-version';
import { StatusError } from '../status';
import { Document } from './document';
import { listMetadata, map, peek, typeMembers } from './object';
import { listMessage, singleMessage } from './protobuf';
import { ProtobufWriter } from './protobuf-writer';

/** The result's metadata alone, as PartialObjectMetadata or PartialObjectMetadataList. */
export function partialObjectMetadataDocument(result: ApiResult, kind: string, metaVersion: string): Document {
  if (kind === 'PartialObjectMetadata') {
    if ('items' in result) throw StatusError.notTransformable('you requested PartialObjectMetadata, but the requested object is a list');
    const message = singleMessage((writer) => writePartialObjectMetadata(result.item, writer));
    return { head: partialObjectMetadata(result.item, metaVersion), protobuf: { apiVersion: metaVersion, kind, message } };
  }
  if ('item' in result) throw StatusError.notTransformable('you requested PartialObjectMetadataList, but the requested object is not a list');
  const [some, items] = peek(result.items);
  const protobuf = { apiVersion: metaVersion, kind, items, message: listMessage({ ...result, items }, writePartialObjectMetadata) };
  const head = `{${typeMembers('PartialObjectMetadataList', metaVersion)},"metadata":${listMetadata(result)}`;
  if (!some) return { head: `${head},"items":null}`, protobuf };
  return {
    head: `${head}}`,
    array: { member: 'items', elements: map(items, (item) => partialObjectMetadata(item, metaVersion)) },
    protobuf,
  };
}

export function partialObjectMetadata(item: ApiItem, metaVersion: string): string {
  return `{${typeMembers('PartialObjectMetadata', metaVersion)},"metadata":${item.metadataJson()}}`;
}

function writePartialObjectMetadata(item: Pick<ApiItem, 'writeMetadataProtobuf'>, writer: ProtobufWriter): void {
  const metadata = writer.beginMessage(1);
  item.writeMetadataProtobuf(writer);
  writer.endMessage(metadata);
}
