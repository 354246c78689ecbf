import { ExternalMetricValue } from '../../custom-metrics/metric-value';
import { ApiItem } from '../../server/api-object';
import { textToJson, toJson } from '../../server/encoding/json-text';
import { ProtobufWriter } from '../../server/encoding/protobuf-writer';
import { writeLabels } from '../label-selector';
import { timestamp, writeTime } from '../timestamp';

/** One value of an ExternalMetricValueList. */
export class ExternalValueItem implements ApiItem {
  readonly namespace = '';
  readonly name: string;

  constructor(metricName: string, private readonly value: ExternalMetricValue) {
    this.name = metricName;
  }

  /** An ExternalMetricValue has none. */
  metadataJson(): string {
    return '';
  }

  membersJson(): string {
    const { metricLabels = {}, timestampMs, windowSeconds, value } = this.value;
    const window = windowSeconds === undefined ? '' : `,"window":${windowSeconds}`;
    return `"metricName":${textToJson(this.name)},"metricLabels":${toJson(sorted(metricLabels))},"timestamp":"${timestamp(timestampMs)}"${window},"value":"${value}"`;
  }

  writeProtobuf(writer: ProtobufWriter): void {
    const { metricLabels = {}, timestampMs, windowSeconds, value } = this.value;
    writer.text(1, this.name);
    writeLabels(writer, 2, metricLabels);
    writeTime(writer, 3, timestampMs);
    if (windowSeconds !== undefined) writer.integer(4, windowSeconds);
    const quantity = writer.beginMessage(5);
    writer.text(1, String(value));
    writer.endMessage(quantity);
  }

  writeMetadataProtobuf(): void {}

  /** There is no table of these. */
  cells(): readonly string[] {
    return [];
  }
}

/** As Go writes a map. */
function sorted(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1));
}
