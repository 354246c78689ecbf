import { ObjectMetadata } from '../../cluster/object-metadata';
import { ProtobufWriter } from '../../server/encoding/protobuf-writer';
import { NodeUsage } from '../../store/usage';
import { timestamp, writeTime } from '../timestamp';
import { goDuration } from './duration';
import { MetricsItem } from './metrics-item';
import { writeDuration, writeUsage } from './protobuf';
import { cpuQuantity, memoryQuantity } from './quantity';
import { usageJson } from './usage';

export class NodeMetrics extends MetricsItem {
  constructor(record: ObjectMetadata, private readonly usage: NodeUsage, createdMs: number) {
    super(record, createdMs);
  }

  get timestampMs(): number {
    return this.usage.timestampMs;
  }

  membersJson(): string {
    const { timestampMs, windowNanoseconds } = this.usage;
    return `"timestamp":"${timestamp(timestampMs)}","window":"${goDuration(windowNanoseconds)}","usage":${usageJson(this.usage)}`;
  }

  writeMembersProtobuf(writer: ProtobufWriter): void {
    writeTime(writer, 2, this.usage.timestampMs);
    writeDuration(writer, 3, this.usage.windowNanoseconds);
    writeUsage(writer, 4, this.usage);
  }

  cells(): readonly string[] {
    const { cpuNanocores, memoryBytes, windowNanoseconds } = this.usage;
    return [this.name, cpuQuantity(cpuNanocores), memoryQuantity(memoryBytes), goDuration(windowNanoseconds)];
  }
}
