import { ContainerResources, ResourceQuantities } from './resources';

/** Resources of a container: quantity by quantity what is given, else the default. Empty text leaves a quantity out. */
export function mergedResources(given: ContainerResources = {}, usual: ContainerResources = {}): ContainerResources | undefined {
  const [requests, limits] = [merged(given.requests, usual.requests), merged(given.limits, usual.limits)];
  return requests || limits ? { requests, limits } : undefined;
}

function merged(given: ResourceQuantities = {}, usual: ResourceQuantities = {}): ResourceQuantities | undefined {
  const { cpu = usual.cpu, memory = usual.memory, ephemeralStorage = usual.ephemeralStorage } = given;
  const quantities = Object.entries({ cpu, memory, ephemeralStorage }).filter(([, quantity]) => quantity);
  return quantities.length > 0 ? Object.fromEntries(quantities) : undefined;
}

/** As the Kubernetes API has them. */
export function wireResources({ requests, limits }: ContainerResources): object {
  return { requests: requests && wireQuantities(requests), limits: limits && wireQuantities(limits) };
}

function wireQuantities({ cpu, memory, ephemeralStorage }: ResourceQuantities): object {
  return { cpu, memory, 'ephemeral-storage': ephemeralStorage };
}
