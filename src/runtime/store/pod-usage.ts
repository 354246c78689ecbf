import { SampleTable } from './sample-table';
import { ContainerUsage, PodUsage } from './usage';

/**
 * Every container of the pod that its kubelet names, with the figures it has: one that has none (yet) hides no other, and
 * stays on the list, so that nobody takes a sum without it for the sum of all. See docs/truth.md.
 *
 * @param living names of containers that run or are going to, when that is known: one of them that the kubelet does not name is
 *   listed too, one without figures that is not among them has ended and is not
 */
export function podUsage(
  containers: readonly number[], samples: SampleTable, nameOf: (container: number) => string, living?: readonly string[],
): PodUsage | undefined {
  let usages: ContainerUsage[] = [];
  let oldest = -1;
  for (const container of containers) {
    const cpuNanocores = samples.cpuNanocores(container);
    const memoryBytes = samples.memoryBytes(container);
    const swapBytes = samples.swapBytes(container);
    usages.push({ name: nameOf(container), cpuNanocores: known(cpuNanocores), memoryBytes: known(memoryBytes), swapBytes: known(swapBytes) });
    if (Number.isNaN(cpuNanocores)) continue;
    if (oldest < 0 || samples.timestampMs(container) < samples.timestampMs(oldest)) oldest = container;
  }
  // Without a rate there is no window either.
  if (oldest < 0) return undefined;
  if (living !== undefined) usages = withStates(usages, living);
  return {
    timestampMs: samples.timestampMs(oldest),
    windowNanoseconds: samples.windowNanoseconds(oldest),
    containers: usages.length === 1 ? usages : usages.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function withStates(usages: readonly ContainerUsage[], living: readonly string[]): ContainerUsage[] {
  const hasFigures = ({ cpuNanocores, memoryBytes }: ContainerUsage) => cpuNanocores !== undefined || memoryBytes !== undefined;
  return [
    ...usages.filter((usage) => hasFigures(usage) || living.includes(usage.name)),
    ...living.filter((name) => !usages.some((usage) => usage.name === name)).map((name) => ({ name })),
  ];
}

export function known(figure: number): number | undefined {
  return Number.isNaN(figure) ? undefined : figure;
}
