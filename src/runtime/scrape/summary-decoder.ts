import { containerKey, isPlainText } from './container-key';
import { brokenBound } from './json-bounds';
import { MAX_KEY_BYTES } from './key-table';
import { Page } from './page';
import { PageError } from './page-error';
import { isPlausibleTime, whole } from './plausible';
import { printable } from './printable';

/** A kubelet's own summary has eight levels, and some 20 objects for each container. */
const BOUNDS = { maxDepth: 32, maxObjects: 250_000 };

const NANOSECONDS_PER_MILLISECOND = 1e6;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Decodes what a kubelet answers to `GET /stats/summary` (stats.v1alpha1.Summary) into `page`: the figures that its `/metrics/resource`
 * is made from, with their times in whole seconds. A figure that is missing, impossible or of an implausible time is left out, alone.
 *
 * @throws PageError when it is no JSON, or more of it than a kubelet has to say; `page` is then not to be used.
 */
export function decodeSummary(body: Buffer, startedMs: number, page: Page): void {
  page.reset(startedMs);
  const summary = parse(body);
  const { cpu, memory, swap } = samplesOf(fieldsOf(summary.node), startedMs);
  page.setNodeCpu(cpu.value, cpu.timeMs);
  page.setNodeMemory(memory.value, memory.timeMs);
  page.setNodeSwap(swap.value);
  for (const pod of listOf(summary.pods)) {
    const { namespace, name } = fieldsOf(pod.podRef);
    for (const container of listOf(pod.containers)) decodeContainer(container, rowOf(page, container.name, namespace, name), page);
  }
}

function decodeContainer(container: Fields, row: number, page: Page): void {
  if (row < 0) return;
  const { cpu, memory, swap } = samplesOf(container, page.startedMs);
  page.setCpu(row, cpu.value, cpu.timeMs);
  page.setMemory(row, memory.value, memory.timeMs);
  page.setSwap(row, swap.value);
  page.setStart(row, whole(timeOf(container.startTime) * NANOSECONDS_PER_MILLISECOND));
}

function parse(body: Buffer): Fields {
  const broken = brokenBound(body, BOUNDS);
  if (broken !== undefined) throw new PageError(`the summary has ${broken}`);
  try {
    return fieldsOf(JSON.parse(body.toString()));
  } catch (error) {
    throw new PageError(`the summary is no JSON: ${printable((error as Error).message, 120)}`);
  }
}

interface Sample {
  /** NaN when there is none. */
  readonly value: number;
  readonly timeMs: number;
}

function samplesOf(stats: Fields, startedMs: number): Readonly<Record<'cpu' | 'memory' | 'swap', Sample>> {
  return {
    cpu: sampleOf(fieldsOf(stats.cpu), 'usageCoreNanoSeconds', startedMs),
    memory: sampleOf(fieldsOf(stats.memory), 'workingSetBytes', startedMs),
    swap: sampleOf(fieldsOf(stats.swap), 'swapUsageBytes', startedMs),
  };
}

function sampleOf(stats: Fields, field: string, startedMs: number): Sample {
  const timeMs = timeOf(stats.time);
  const value = stats[field];
  return { timeMs, value: typeof value === 'number' && isPlausibleTime(timeMs, startedMs) ? whole(value) : NaN };
}

/** -1 when these are no names. */
function rowOf(page: Page, container: unknown, namespace: unknown, pod: unknown): number {
  if (!isPlainText(container) || !isPlainText(namespace) || !isPlainText(pod)) return -1;
  const key = Buffer.from(containerKey(container, namespace, pod), 'latin1');
  return key.length > MAX_KEY_BYTES ? -1 : page.row(key, 0, key.length);
}

function timeOf(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : NaN;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? value as Fields : {};
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}
