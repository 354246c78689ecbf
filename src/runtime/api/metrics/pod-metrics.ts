import { textToJson } from '../../server/encoding/json-text';
import { timestamp, writeTime } from '../timestamp';
import { goDuration } from './duration';
import { MetricsItem } from './metrics-item';
import { writeDuration, writeUsage } from './protobuf';
import { cpuQuantity, memoryQuantity } from './quantity';
import { usageJson } from './usage';
import { ObjectMetadata } from '../../cluster/object-metadata';
import { ProtobufWriter } from '../../server/encoding/protobuf-writer';
import { PodUsage } from '../../store/usage';

/** As kubectl writes what it cannot tell. */
export const UNKNOWN = '<unknown>';

export class PodMetrics extends MetricsItem {
  constructor(record: ObjectMetadata, private readonly usage: PodUsage, createdMs: number) {
    super(record, createdMs);
  }

  get timestampMs(): number {
    return this.usage.timestampMs;
  }

  membersJson(): string {
    const { timestampMs, windowNanoseconds } = this.usage;
    let containers = '';
    for (const container of this.usage.containers) {
      containers += `${containers && ','}{"name":${textToJson(container.name)},"usage":${usageJson(container)}}`;
    }
    return `"timestamp":"${timestamp(timestampMs)}","window":"${goDuration(windowNanoseconds)}","containers":[${containers}]`;
  }

  writeMembersProtobuf(writer: ProtobufWriter): void {
    writeTime(writer, 2, this.usage.timestampMs);
    writeDuration(writer, 3, this.usage.windowNanoseconds);
    for (const container of this.usage.containers) {
      const message = writer.beginMessage(4);
      writer.text(1, container.name);
      writeUsage(writer, 2, container);
      writer.endMessage(message);
    }
  }

  /** The row shows the pod as a whole: the sum of its containers, unknown when it is of one of them. */
  cells(): readonly string[] {
    let cpuNanocores = 0;
    let memoryBytes = 0;
    for (const container of this.usage.containers) {
      cpuNanocores += container.cpuNanocores ?? NaN;
      memoryBytes += container.memoryBytes ?? NaN;
    }
    const cpu = Number.isNaN(cpuNanocores) ? UNKNOWN : cpuQuantity(cpuNanocores);
    const memory = Number.isNaN(memoryBytes) ? UNKNOWN : memoryQuantity(memoryBytes);
    return [this.name, cpu, memory, goDuration(this.usage.windowNanoseconds)];
  }
}
