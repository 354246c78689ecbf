/** A resource of a pod, or of one of its containers, in the unit of its quantity; `missing` when the autoscaler has to do without. */
export type Seen = number | 'missing';

interface PodMetricsItem {
  readonly containers: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[];
}

/** What a HorizontalPodAutoscaler takes for the pod's usage (metric type Resource): the sum, if all containers have the resource. */
export function resourceOf(pod: PodMetricsItem | undefined, resource: string): Seen {
  if (pod === undefined || pod.containers.length === 0) return 'missing';
  const quantities = pod.containers.map(({ usage }) => usage[resource]);
  return quantities.includes(undefined!) ? 'missing' : quantities.reduce((sum, quantity) => sum + valueOf(quantity), 0);
}

/** What it takes for one container's (ContainerResource). Throws when the pod does not list it: the whole metric fails then, for all pods. */
export function containerResourceOf(pod: PodMetricsItem | undefined, container: string, resource: string): Seen {
  if (pod === undefined) return 'missing';
  const found = pod.containers.find(({ name }) => name === container);
  if (!found) throw new Error(`container ${container} not present in metrics`);
  return found.usage[resource] === undefined ? 'missing' : valueOf(found.usage[resource]);
}

function valueOf(quantity: string): number {
  const [, digits, suffix] = /^(\d+)([numkM]|Ki|Mi|)$/.exec(quantity)!;
  return Number(digits) * { 'n': 1e-9, 'u': 1e-6, 'm': 1e-3, '': 1, 'k': 1e3, 'M': 1e6, 'Ki': 2 ** 10, 'Mi': 2 ** 20 }[suffix]!;
}
