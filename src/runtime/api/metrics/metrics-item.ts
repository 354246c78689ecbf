import { ObjectMetadata } from '../../cluster/object-metadata';
import { ApiItem } from '../../server/api-object';
import { textToJson } from '../../server/encoding/document';

/** What NodeMetrics and PodMetrics have in common: the metadata of the object that was measured. */
export abstract class MetricsItem implements ApiItem {
  readonly namespace: string;
  readonly name: string;
  /** Time of the sample, Unix milliseconds. */
  abstract readonly timestampMs: number;

  constructor(private readonly record: ObjectMetadata, private readonly creationTimestamp: string) {
    this.namespace = record.namespace;
    this.name = record.name;
  }

  abstract membersJson(): string;
  abstract cells(): readonly string[];

  metadataJson(): string {
    const namespace = this.namespace === '' ? '' : `,"namespace":${textToJson(this.namespace)}`;
    const labels = this.record.labels.json === undefined ? '' : `,"labels":${this.record.labels.json}`;
    return `{"name":${textToJson(this.name)}${namespace},"creationTimestamp":"${this.creationTimestamp}"${labels}}`;
  }
}
