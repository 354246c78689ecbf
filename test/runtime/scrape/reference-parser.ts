import { Page } from '../../../src/runtime/scrape/page';

interface Point {
  timestampMs: number;
  cpu: number;
  memory: number;
  swap?: number;
}

/** A page in a form that can be compared. */
export interface PageDump {
  readonly node: Point;
  readonly containers: Readonly<Record<string, Point & { start: number }>>;
}

export function dump(page: Page): PageDump {
  const rows = Array.from({ length: page.containers }, (_, row) => [page.keys.key(row).toString(), {
    timestampMs: page.timestampMs[row],
    cpu: page.cpuNanoseconds[row],
    memory: page.memoryBytes[row],
    start: page.startNanoseconds[row],
    swap: known(page.swapBytes[row]),
  }] as const);
  return {
    node: { timestampMs: page.nodeTimestampMs, cpu: page.nodeCpuNanoseconds, memory: page.nodeMemoryBytes, swap: known(page.nodeSwapBytes) },
    containers: Object.fromEntries(rows),
  };
}

function known(figure: number): number | undefined {
  return Number.isNaN(figure) ? undefined : figure;
}

/** Reads a page that has no mistakes, line by line with regular expressions: slow, and easy to see through. */
export function parseReference(text: string, startedMs: number): PageDump {
  const node: Point = { timestampMs: NaN, cpu: NaN, memory: NaN };
  const containers: Record<string, Point & { start: number }> = {};
  for (const line of text.split('\n')) {
    const match = /^(node|container)_(cpu_usage_seconds_total|memory_working_set_bytes|swap_usage_bytes|start_time_seconds)(?:\{(.*)\})? (\S+)(?: (-?\d+))?$/.exec(line);
    if (!match) continue;
    const [, kind, family, labels = '', value, timestamp] = match;
    const timestampMs = timestamp === undefined ? startedMs : Number(timestamp);
    let point: Point & { start?: number } = node;
    if (kind === 'container') {
      const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)![1];
      const key = `container="${label('container')}",namespace="${label('namespace')}",pod="${label('pod')}"`;
      point = containers[key] ??= { timestampMs: NaN, cpu: NaN, memory: NaN, start: NaN };
    }
    if (timestampMs < Date.UTC(2000, 0) || timestampMs > startedMs + 86_400_000) continue;
    const column = family.startsWith('cpu') ? 'cpu' : family.startsWith('memory') ? 'memory' : family.startsWith('swap') ? 'swap' : 'start';
    const number = Number(value === '+Inf' ? Infinity : value) * (column === 'memory' || column === 'swap' ? 1 : 1e9);
    if (!(number >= 0 && number < 2 ** 64) || !Number.isNaN(point[column] ?? NaN)) continue;
    point[column] = Math.trunc(number);
    if (column === 'cpu' || column === 'memory') point.timestampMs = timestampMs;
  }
  return { node, containers };
}
