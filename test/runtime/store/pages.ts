import { Page } from '../../../src/runtime/scrape/page';
import { decodePage } from '../../../src/runtime/scrape/page-decoder';
import { SimdDecoder } from '../../../src/runtime/scrape/simd-decoder';

export interface ContainerSample {
  readonly pod: string;
  readonly container: string;
  readonly timestampMs: number;
  /** Absent when the kubelet does not report it. */
  readonly cpuSeconds?: number;
  readonly memoryBytes?: number;
  readonly startSeconds?: number;
  readonly swapBytes?: number;
}

export interface NodeSample {
  readonly timestampMs: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  readonly swapBytes?: number;
}

/** A page as a kubelet would write it, decoded. Pods are in namespace default. */
export function pageOf(node: NodeSample | undefined, containers: readonly ContainerSample[]): Page {
  const line = (family: string, { pod, container }: ContainerSample, value: number | undefined, suffix = '') =>
    value === undefined ? '' : `container_${family}{container="${container}",namespace="default",pod="${pod}"} ${value}${suffix}\n`;
  const text = [
    ...containers.map(sample => line('cpu_usage_seconds_total', sample, sample.cpuSeconds, ` ${sample.timestampMs}`)),
    ...containers.map(sample => line('memory_working_set_bytes', sample, sample.memoryBytes, ` ${sample.timestampMs}`)),
    ...containers.map(sample => line('start_time_seconds', sample, sample.startSeconds)),
    ...containers.map(sample => line('swap_usage_bytes', sample, sample.swapBytes, ` ${sample.timestampMs + 1000}`)),
    node?.swapBytes === undefined ? '' : `node_swap_usage_bytes ${node.swapBytes} ${node.timestampMs}\n`,
    node ? `node_cpu_usage_seconds_total ${node.cpuSeconds} ${node.timestampMs}\nnode_memory_working_set_bytes ${node.memoryBytes} ${node.timestampMs}\n` : '',
  ].join('');
  const page = new Page(Math.random, SimdDecoder.create(Math.random, process.env));
  const startedMs = Math.max(node?.timestampMs ?? 0, ...containers.map(({ timestampMs }) => timestampMs));
  decodePage(Buffer.from(text), startedMs, page);
  return page;
}
