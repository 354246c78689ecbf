import { cpuQuantity, memoryQuantity } from './quantity';
import { TableColumn } from '../../server/api-object';
import { Usage } from '../../store/usage';

/** A ResourceList of what the runtime measures. What is unknown is left out: a 0 would be taken for a figure. */
export function usageJson({ cpuNanocores, memoryBytes, swapBytes }: Usage): string {
  const cpu = cpuNanocores === undefined ? '' : `"cpu":"${cpuQuantity(cpuNanocores)}"`;
  const memory = memoryBytes === undefined ? '' : `"memory":"${memoryQuantity(memoryBytes)}"`;
  const swap = swapBytes === undefined ? '' : `,"swap":"${memoryQuantity(swapBytes)}"`;
  return `{${cpu}${cpu && memory && ','}${memory}${swap}}`;
}

/** Columns of nodes and pods alike: the resources of the usage stand between name and window, sorted. */
export const usageColumns: readonly TableColumn[] = [
  { name: 'Name', type: 'string', format: 'name', description: 'Name of the resource' },
  { name: 'cpu', type: 'string', format: 'quantity', description: '' },
  { name: 'memory', type: 'string', format: 'quantity', description: '' },
  { name: 'Window', type: 'string', format: 'duration', description: '' },
];
