import { ContainerResources, ResourceQuantities } from './resources';

/** Resources of a container: quantity by quantity what is given, else the default. Empty text leaves a quantity out. */
export function mergedResources(given: ContainerResources = {}, usual: ContainerResources = {}): ContainerResources | undefined {
  const [requests, limits] = [merged(given.requests, usual.requests), merged(given.limits, usual.limits)];
  return requests || limits ? { requests, limits } : undefined;
}

function merged(given: ResourceQuantities = {}, usual: ResourceQuantities = {}): ResourceQuantities | undefined {
  const { cpu = usual.cpu, memory = usual.memory } = given;
  const quantities = Object.entries({ cpu, memory }).filter(([, quantity]) => quantity);
  return quantities.length > 0 ? Object.fromEntries(quantities) : undefined;
}
