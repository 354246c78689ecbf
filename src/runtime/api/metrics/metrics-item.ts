import { ObjectMetadata } from '../../cluster/object-metadata';
import { ApiItem } from '../../server/api-object';
import { textToJson } from '../../server/encoding/json-text';
import { ProtobufWriter } from '../../server/encoding/protobuf-writer';
import { timestamp } from '../timestamp';
import { writeObjectMeta } from './protobuf';

/** What NodeMetrics and PodMetrics have in common: the metadata of the object that was measured. */
export abstract class MetricsItem implements ApiItem {
  readonly namespace: string;
  readonly name: string;
  /** Time of the sample, Unix milliseconds. */
  abstract readonly timestampMs: number;

  constructor(private readonly record: ObjectMetadata, private readonly createdMs: number) {
    this.namespace = record.namespace;
    this.name = record.name;
  }

  abstract membersJson(): string;
  /** Those after `metadata`. */
  abstract writeMembersProtobuf(writer: ProtobufWriter): void;
  abstract cells(): readonly string[];

  writeProtobuf(writer: ProtobufWriter): void {
    const metadata = writer.beginMessage(1);
    this.writeMetadataProtobuf(writer);
    writer.endMessage(metadata);
    this.writeMembersProtobuf(writer);
  }

  writeMetadataProtobuf(writer: ProtobufWriter): void {
    writeObjectMeta(writer, this.record, this.createdMs);
  }

  metadataJson(): string {
    const namespace = this.namespace === '' ? '' : `,"namespace":${textToJson(this.namespace)}`;
    const labels = this.record.labels.json === undefined ? '' : `,"labels":${this.record.labels.json}`;
    return `{"name":${textToJson(this.name)}${namespace},"creationTimestamp":"${timestamp(this.createdMs)}"${labels}}`;
  }
}
