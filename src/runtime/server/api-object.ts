import { ProtobufWriter } from './encoding/protobuf-writer';

/** One object of a response, able to say itself in each representation the server negotiates. */
export interface ApiItem {
  readonly namespace: string;
  readonly name: string;
  /** `metadata` as JSON text. */
  metadataJson(): string;
  /** The members after `metadata` as JSON text, without braces: `"timestamp":…,"usage":…`. */
  membersJson(): string;
  /** Writes the fields of the object's message, `metadata` among them. */
  writeProtobuf(writer: ProtobufWriter): void;
  /** Writes the fields of its ObjectMeta. */
  writeMetadataProtobuf(writer: ProtobufWriter): void;
  /** Cells of the object's row, one for each column of its resource. */
  cells(): readonly (string | number)[];
}

/** A column of the Table representation, as in meta.k8s.io/v1 TableColumnDefinition. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
}
