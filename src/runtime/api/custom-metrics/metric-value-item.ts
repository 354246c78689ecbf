import { CustomMetricsVersion } from './group-version';
import { MetricValue } from '../../custom-metrics/metric-value';
import { ApiItem } from '../../server/api-object';
import { textToJson, toJson } from '../../server/encoding/json-text';
import { ProtobufWriter } from '../../server/encoding/protobuf-writer';
import { LabelSelector, writeLabelSelector } from '../label-selector';
import { timestamp, writeTime } from '../timestamp';

/** What all values of an answer have in common. */
export interface AskedMetric {
  readonly version: CustomMetricsVersion;
  readonly metric: string;
  readonly selector: LabelSelector | null;
  /** Of the objects that are described. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
}

/** Fields of v1.ObjectReference that say nothing here. */
const UID = 4;
const RESOURCE_VERSION = 6;
const FIELD_PATH = 7;

/** One value of a MetricValueList. The versions differ in where name and selector stand, and in the window's name. */
export class MetricValueItem implements ApiItem {
  readonly namespace: string;
  readonly name: string;

  constructor(private readonly asked: AskedMetric, private readonly value: MetricValue) {
    this.namespace = asked.namespace;
    this.name = value.objectName;
  }

  /** A MetricValue has none. */
  metadataJson(): string {
    return '';
  }

  membersJson(): string {
    const { version, metric, selector } = this.asked;
    const { windowSeconds, value, timestampMs } = this.value;
    const time = `"timestamp":"${timestamp(timestampMs)}"`;
    const window = (name: string) => windowSeconds === undefined ? '' : `,"${name}":${windowSeconds}`;
    return version === 'v1beta1'
      ? `${this.objectJson()},"metricName":${textToJson(metric)},${time}${window('window')},"value":"${value}","selector":${toJson(selector)}`
      : `${this.objectJson()},"metric":{"name":${textToJson(metric)},"selector":${toJson(selector)}},${time}${window('windowSeconds')},"value":"${value}"`;
  }

  writeProtobuf(writer: ProtobufWriter): void {
    const { version, metric, selector } = this.asked;
    const { windowSeconds, value, timestampMs } = this.value;
    this.writeObjectProtobuf(writer);
    if (version === 'v1beta1') {
      writer.text(2, metric);
    } else {
      const identifier = writer.beginMessage(2);
      writer.text(1, metric);
      if (selector) writeLabelSelector(writer, 2, selector);
      writer.endMessage(identifier);
    }
    writeTime(writer, 3, timestampMs);
    if (windowSeconds !== undefined) writer.integer(4, windowSeconds);
    const quantity = writer.beginMessage(5);
    writer.text(1, String(value));
    writer.endMessage(quantity);
    if (version === 'v1beta1' && selector) writeLabelSelector(writer, 6, selector);
  }

  writeMetadataProtobuf(): void {}

  /** There is no table of these. */
  cells(): readonly string[] {
    return [];
  }

  private objectJson(): string {
    const { kind, namespace, apiVersion } = this.asked;
    const inNamespace = namespace === '' ? '' : `,"namespace":${textToJson(namespace)}`;
    return `"describedObject":{"kind":${textToJson(kind)}${inNamespace},"name":${textToJson(this.name)},"apiVersion":${textToJson(apiVersion)}}`;
  }

  private writeObjectProtobuf(writer: ProtobufWriter): void {
    const { kind, namespace, apiVersion } = this.asked;
    const reference = writer.beginMessage(1);
    writer.text(1, kind);
    writer.text(2, namespace);
    writer.text(3, this.name);
    writer.text(UID, '');
    writer.text(5, apiVersion);
    writer.text(RESOURCE_VERSION, '');
    writer.text(FIELD_PATH, '');
    writer.endMessage(reference);
  }
}
