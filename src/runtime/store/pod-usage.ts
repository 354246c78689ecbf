import { ContainerUsage, PodCursor, PodUsage } from './usage';

/**
 * The pod that the cursor is at, as an object.
 *
 * @param living names of containers that run or are going to, when that is known: one of them that the kubelet does not name is
 *   listed too, one without figures that is not among them has ended and is not
 */
export function podUsage(at: PodCursor, nameOf: (start: number) => string, living?: readonly string[]): PodUsage {
  const usages = Array.from({ length: at.containers }, (_, i): ContainerUsage => ({
    name: nameOf(at.nameStarts[i]),
    cpuNanocores: known(at.cpuNanocores[i]),
    memoryBytes: known(at.memoryBytes[i]),
    swapBytes: known(at.swapBytes[i]),
  }));
  const { timestampMs, windowNanoseconds } = at;
  return { timestampMs, windowNanoseconds, containers: living === undefined ? usages : withStates(usages, living) };
}

function withStates(usages: readonly ContainerUsage[], living: readonly string[]): ContainerUsage[] {
  const hasFigures = ({ cpuNanocores, memoryBytes }: ContainerUsage) => cpuNanocores !== undefined || memoryBytes !== undefined;
  return [
    ...usages.filter((usage) => hasFigures(usage) || living.includes(usage.name)),
    ...living.filter((name) => !usages.some((usage) => usage.name === name)).map((name) => ({ name })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function known(figure: number): number | undefined {
  return Number.isNaN(figure) ? undefined : figure;
}
