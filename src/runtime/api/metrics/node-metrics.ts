import { ObjectMetadata } from '../../cluster/object-metadata';
import { NodeUsage } from '../../store/usage';
import { timestamp } from '../timestamp';
import { goDuration } from './duration';
import { MetricsItem } from './metrics-item';
import { cpuQuantity, memoryQuantity } from './quantity';
import { usageJson } from './usage';

export class NodeMetrics extends MetricsItem {
  constructor(record: ObjectMetadata, private readonly usage: NodeUsage, creationTimestamp: string) {
    super(record, creationTimestamp);
  }

  get timestampMs(): number {
    return this.usage.timestampMs;
  }

  membersJson(): string {
    const { timestampMs, windowNanoseconds } = this.usage;
    return `"timestamp":"${timestamp(timestampMs)}","window":"${goDuration(windowNanoseconds)}","usage":${usageJson(this.usage)}`;
  }

  cells(): readonly string[] {
    const { cpuNanocores, memoryBytes, windowNanoseconds } = this.usage;
    return [this.name, cpuQuantity(cpuNanocores), memoryQuantity(memoryBytes), goDuration(windowNanoseconds)];
  }
}
