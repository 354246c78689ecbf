/** A sample is eight doubles, 64 bytes: one cache line. */
const CELLS = 8;
const TIMESTAMP_MS = 0;
const CPU_NANOSECONDS = 1;
const MEMORY_BYTES = 2;
const START_NANOSECONDS = 3;
/** The time of the previous sample is milliseconds and nanoseconds: a container's start is not a whole millisecond. */
const PREVIOUS_TIMESTAMP_MS = 4;
const PREVIOUS_TIMESTAMP_NANOSECONDS = 5;
const PREVIOUS_CPU_NANOSECONDS = 6;
const PREVIOUS_START_NANOSECONDS = 7;

const NANOSECONDS_PER_MILLISECOND = 1e6;
const NANOSECONDS_PER_SECOND = 1e9;
/** A container younger than this has no rate that means anything. */
const MIN_FRESH_WINDOW_NANOSECONDS = 10 * NANOSECONDS_PER_SECOND;

/**
 * The last two samples of things that use CPU and memory, in columns addressed by dense ids.
 * The rules are metrics-server's; NaN marks what is not there.
 */
export class SampleTable {
  private cells = new Float64Array(64 * CELLS).fill(NaN);

  constructor(private readonly resolutionNanoseconds: number) {}

  /** Makes the sample the last one, and keeps the one before when a rate can be computed from the two. */
  record(id: number, timestampMs: number, cpuNanoseconds: number, memoryBytes: number, startNanoseconds: number): void {
    const at = id * CELLS;
    if (at >= this.cells.length) this.grow(at);
    const cells = this.cells;
    const ageNanoseconds = nanosecondsSince(startNanoseconds, timestampMs);
    if (ageNanoseconds >= MIN_FRESH_WINDOW_NANOSECONDS && ageNanoseconds < this.resolutionNanoseconds) {
      // Started since the scrape before: its start is the first sample.
      const submillisecond = startNanoseconds % NANOSECONDS_PER_MILLISECOND;
      cells[at + PREVIOUS_TIMESTAMP_MS] = wholeMilliseconds(startNanoseconds, submillisecond);
      cells[at + PREVIOUS_TIMESTAMP_NANOSECONDS] = submillisecond;
      cells[at + PREVIOUS_CPU_NANOSECONDS] = 0;
      cells[at + PREVIOUS_START_NANOSECONDS] = startNanoseconds;
    } else if (nanosecondsSince(startNanoseconds, cells[at + TIMESTAMP_MS]) > 0) {
      this.keepPrevious(at, timestampMs);
    } else {
      // First sight, or restarted since the last sample.
      this.dropPrevious(at);
    }
    cells[at + TIMESTAMP_MS] = timestampMs;
    cells[at + CPU_NANOSECONDS] = cpuNanoseconds;
    cells[at + MEMORY_BYTES] = memoryBytes;
    cells[at + START_NANOSECONDS] = startNanoseconds;
  }

  clear(id: number): void {
    const at = id * CELLS;
    if (at < this.cells.length) this.cells.fill(NaN, at, at + CELLS);
  }

  hasPrevious(id: number): boolean {
    return this.cells[id * CELLS + PREVIOUS_TIMESTAMP_MS] >= 0;
  }

  timestampMs(id: number): number {
    return this.cells[id * CELLS + TIMESTAMP_MS];
  }

  memoryBytes(id: number): number {
    return this.cells[id * CELLS + MEMORY_BYTES];
  }

  startNanoseconds(id: number): number {
    return this.cells[id * CELLS + START_NANOSECONDS];
  }

  /** Exact, up to 104 days. */
  windowNanoseconds(id: number): number {
    const at = id * CELLS;
    const milliseconds = this.cells[at + TIMESTAMP_MS] - this.cells[at + PREVIOUS_TIMESTAMP_MS];
    return milliseconds * NANOSECONDS_PER_MILLISECOND - this.cells[at + PREVIOUS_TIMESTAMP_NANOSECONDS];
  }

  /** The rate between the two samples, NaN when there is none that could be true. */
  cpuNanocores(id: number): number {
    const at = id * CELLS;
    const cells = this.cells;
    const cpu = cells[at + CPU_NANOSECONDS];
    if (!isMeasured(cpu, cells[at + MEMORY_BYTES])) return NaN;
    if (cells[at + START_NANOSECONDS] < cells[at + PREVIOUS_START_NANOSECONDS]) return NaN;
    const used = cpu - cells[at + PREVIOUS_CPU_NANOSECONDS];
    if (used < 0) return NaN;
    const rate = Math.trunc(used / seconds(this.windowNanoseconds(id)));
    return rate <= Number.MAX_SAFE_INTEGER ? rate : NaN;
  }

  private keepPrevious(at: number, timestampMs: number): void {
    const cells = this.cells;
    const began = isMeasured(cells[at + CPU_NANOSECONDS], cells[at + MEMORY_BYTES]);
    if (began && timestampMs > cells[at + TIMESTAMP_MS]) {
      cells[at + PREVIOUS_TIMESTAMP_MS] = cells[at + TIMESTAMP_MS];
      cells[at + PREVIOUS_TIMESTAMP_NANOSECONDS] = 0;
      cells[at + PREVIOUS_CPU_NANOSECONDS] = cells[at + CPU_NANOSECONDS];
      cells[at + PREVIOUS_START_NANOSECONDS] = cells[at + START_NANOSECONDS];
    } else if (!this.isAfterPrevious(at, timestampMs)) {
      this.dropPrevious(at);
    }
  }

  private isAfterPrevious(at: number, timestampMs: number): boolean {
    const milliseconds = timestampMs - this.cells[at + PREVIOUS_TIMESTAMP_MS];
    return milliseconds * NANOSECONDS_PER_MILLISECOND > this.cells[at + PREVIOUS_TIMESTAMP_NANOSECONDS];
  }

  private dropPrevious(at: number): void {
    this.cells.fill(NaN, at + PREVIOUS_TIMESTAMP_MS, at + CELLS);
  }

  private grow(at: number): void {
    const cells = new Float64Array(Math.max(this.cells.length * 2, at + CELLS)).fill(NaN, this.cells.length);
    cells.set(this.cells);
    this.cells = cells;
  }
}

/**
 * From a Unix time in nanoseconds, which as a double is a multiple of 256 these days, to one in milliseconds.
 * Exact although neither time in nanoseconds fits into 53 bits: the remainder of a division is exact, so is the rest.
 */
export function nanosecondsSince(unixNanoseconds: number, unixMilliseconds: number): number {
  const submillisecond = unixNanoseconds % NANOSECONDS_PER_MILLISECOND;
  return (unixMilliseconds - wholeMilliseconds(unixNanoseconds, submillisecond)) * NANOSECONDS_PER_MILLISECOND - submillisecond;
}

function wholeMilliseconds(unixNanoseconds: number, submillisecond: number): number {
  return Math.round((unixNanoseconds - submillisecond) / NANOSECONDS_PER_MILLISECOND);
}

/** 0 means that the kubelet has no statistics (yet), as metrics-server takes it, and begins no window; NaN, that it said nothing. */
function isMeasured(cpuNanoseconds: number, memoryBytes: number): boolean {
  return cpuNanoseconds > 0 && memoryBytes > 0;
}

/** As Go's Duration.Seconds computes it, so that the last digit is the same. */
function seconds(nanoseconds: number): number {
  const remainder = nanoseconds % NANOSECONDS_PER_SECOND;
  return (nanoseconds - remainder) / NANOSECONDS_PER_SECOND + remainder / NANOSECONDS_PER_SECOND;
}
