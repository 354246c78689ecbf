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
  const node = fieldsOf(summary.node);
  eachSample(node, startedMs, (nanoseconds, timeMs) => page.setNodeCpu(nanoseconds, timeMs), (bytes, timeMs) => page.setNodeMemory(bytes, timeMs));
  for (const pod of listOf(summary.pods)) {
    const { namespace, name } = fieldsOf(pod.podRef);
    for (const container of listOf(pod.containers)) {
      const row = rowOf(page, container.name, namespace, name);
      if (row < 0) continue;
      const cpu: Take = (nanoseconds, timeMs) => page.setCpu(row, nanoseconds, timeMs);
      const memory: Take = (bytes, timeMs) => page.setMemory(row, bytes, timeMs);
      eachSample(container, startedMs, cpu, memory);
      page.setStart(row, whole(timeOf(container.startTime) * NANOSECONDS_PER_MILLISECOND));
    }
  }
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

type Take = (value: number, timeMs: number) => void;

/** CPU and then memory, as the resource page has them: the time of the later one counts. */
function eachSample(stats: Fields, startedMs: number, takeCpu: Take, takeMemory: Take): void {
  const { time: cpuTime, usageCoreNanoSeconds } = fieldsOf(stats.cpu);
  const { time: memoryTime, workingSetBytes } = fieldsOf(stats.memory);
  take(usageCoreNanoSeconds, timeOf(cpuTime), startedMs, takeCpu);
  take(workingSetBytes, timeOf(memoryTime), startedMs, takeMemory);
}

function take(value: unknown, timeMs: number, startedMs: number, to: Take): void {
  if (typeof value === 'number' && isPlausibleTime(timeMs, startedMs)) to(whole(value), timeMs);
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
