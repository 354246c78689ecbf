import { ClusterUsage, Metadata, ResourceList } from './usage';
import { quantityValue } from '../src/validation/_quantity';

const MIB = 2 ** 20;
const UNKNOWN = '<unknown>';

/** What `kubectl top nodes` prints: a node without metrics is shown as unknown. */
export function renderTopNodes({ nodes, nodeMetrics }: ClusterUsage): string[] {
  const usageOf = new Map(nodeMetrics.map(({ metadata, usage }) => [metadata.name, usage]));
  return renderTable(['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'], [...nodes].sort(byName).map((node) => {
    const usage = usageOf.get(node.metadata.name);
    if (!usage) return [node.metadata.name, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN];
    const { allocatable } = node.status;
    return [
      node.metadata.name,
      renderCpu([usage]), percent(usage.cpu, allocatable.cpu),
      renderMemory([usage]), percent(usage.memory, allocatable.memory),
    ];
  }));
}

/** What `kubectl top pods -A` prints: the sum of each pod's containers. */
export function renderTopPods({ podMetrics }: ClusterUsage): string[] {
  return renderTable(['NAMESPACE', 'NAME', 'CPU(cores)', 'MEMORY(bytes)'], [...podMetrics].sort(byName).map(({ metadata, containers }) => {
    const usages = containers.map(({ usage }) => usage);
    return [metadata.namespace ?? '', metadata.name, renderCpu(usages), renderMemory(usages)];
  }));
}

/** Rounded up to thousandths, as kubectl does it. */
function renderCpu(usages: readonly ResourceList[]): string {
  const nanocores = usages.reduce((sum, { cpu }) => sum + Math.round(valueOf(cpu) * 1e9), 0);
  return `${Math.ceil(nanocores / 1e6)}m`;
}

function renderMemory(usages: readonly ResourceList[]): string {
  return `${Math.floor(usages.reduce((sum, { memory }) => sum + valueOf(memory), 0) / MIB)}Mi`;
}

function percent(used: string, of: string): string {
  return `${Math.trunc(valueOf(used) / valueOf(of) * 100)}%`;
}

/** A container that runs and has no rate yet counts for nothing. */
function valueOf(quantity: string | undefined): number {
  return quantity === undefined ? 0 : quantityValue(quantity) ?? NaN;
}

/** Columns three spaces apart, the last one padded too: kubectl's tab writer does so. */
function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)) + 3);
  return [header, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join(''));
}

function byName(a: { readonly metadata: Metadata }, b: { readonly metadata: Metadata }): number {
  const [left, right] = [a, b].map(({ metadata: { namespace = '', name } }) => `${namespace}/${name}`);
  return left < right ? -1 : left > right ? 1 : 0;
}
