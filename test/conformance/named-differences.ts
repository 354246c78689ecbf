/** Where our answers differ from metrics-server's on purpose, and how to get from one to the other. */
export const VERSIONS = 'v1 stands beside v1beta1, and before it: Kubernetes 1.37 made it stable, and its clients prefer it';

/** A discovery document with v1 before v1beta1. */
export function withBothVersions(value: any): any {
  if (Array.isArray(value)) return value.flatMap((one) => one?.version === 'v1beta1' ? [asV1(one), one] : [withBothVersions(one)]);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, key === 'preferredVersion' ? asV1(member) : withBothVersions(member)]));
}

function asV1(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('v1beta1', 'v1'));
}

/** Whatever the order was in which the containers of a pod came. */
export function withSortedContainers<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withSortedContainers) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => (
    [key, key === 'containers' ? [...member].sort((a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)) : withSortedContainers(member)]
  ))) as T;
}

/** Usage as metrics-server has it, whose CPU and memory stand first. */
export function withoutSwap<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutSwap) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'swap').map(([key, member]) => [key, withoutSwap(member)])) as T;
}
