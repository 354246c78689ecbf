import { SampleTable } from './sample-table';
import { ContainerUsage, PodUsage } from './usage';

/**
 * A pod is served whole or not at all: the autoscaler would take a sum without one of its containers for the sum of all.
 * Each container must be measured and have a rate.
 */
export function podUsage(containers: readonly number[], samples: SampleTable, nameOf: (container: number) => string): PodUsage | undefined {
  const usages: ContainerUsage[] = [];
  let oldest = -1;
  for (const container of containers) {
    const cpuNanocores = samples.cpuNanocores(container);
    if (Number.isNaN(cpuNanocores)) return undefined;
    usages.push({ name: nameOf(container), cpuNanocores, memoryBytes: samples.memoryBytes(container) });
    if (oldest < 0 || samples.timestampMs(container) < samples.timestampMs(oldest)) oldest = container;
  }
  if (oldest < 0) return undefined;
  return {
    timestampMs: samples.timestampMs(oldest),
    windowNanoseconds: samples.windowNanoseconds(oldest),
    containers: usages.length === 1 ? usages : usages.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
