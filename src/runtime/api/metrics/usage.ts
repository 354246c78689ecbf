import { cpuQuantity, memoryQuantity } from './quantity';
import { TableColumn } from '../../server/api-object';
import { Usage } from '../../store/usage';

/** A ResourceList of what the runtime measures. */
export function usageJson(usage: Usage): string {
  return `{"cpu":"${cpuQuantity(usage.cpuNanocores)}","memory":"${memoryQuantity(usage.memoryBytes)}"}`;
}

/** Columns of nodes and pods alike: the resources of the usage stand between name and window, sorted. */
export const usageColumns: readonly TableColumn[] = [
  { name: 'Name', type: 'string', format: 'name', description: 'Name of the resource' },
  { name: 'cpu', type: 'string', format: 'quantity', description: '' },
  { name: 'memory', type: 'string', format: 'quantity', description: '' },
  { name: 'Window', type: 'string', format: 'duration', description: '' },
];
