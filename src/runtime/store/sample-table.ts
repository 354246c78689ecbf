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
/** When a page first held the last sample, on our monotonic clock. */
const SEEN_AT_MS = 7;

const NANOSECONDS_PER_MILLISECOND = 1e6;
const NANOSECONDS_PER_SECOND = 1e9;
/** A container younger than this has no rate since its start that means anything. */
const MIN_FRESH_WINDOW_NANOSECONDS = 10 * NANOSECONDS_PER_SECOND;
/** Kubelets look at a container every 10 s at most. Samples that lie closer together tell more of clocks than of usage. */
const MIN_WINDOW_MS = 5000;
/** Kubelets look at a container every 30 s at least, and answer within 10 s: ages of samples differ no more, unless a clock was set. */
const MAX_AGE_DIFFERENCE_MS = 40_000;
/** A kubelet that has said the same for so long does not look any more. */
const MAX_STILL_MS = 60_000;
/** Linux knows no more CPUs. */
const MAX_NANOCORES = 8192 * NANOSECONDS_PER_SECOND;

/**
 * The last two samples of things that use CPU and memory, in columns addressed by dense ids; NaN marks what is not there.
 * The rules are metrics-server's, and some against figures that cannot be true (docs/truth.md).
 */
export class SampleTable {
  private cells = new Float64Array(64 * CELLS).fill(NaN);
  /** Beside the last sample; empty as long as no kubelet has reported any. */
  private swap = new Float64Array(0);

  constructor(private readonly resolutionNanoseconds: number) {}

  /**
   * Makes the sample the last one, and keeps the one before when a rate can be computed from the two. A timestamp of NaN
   * says that the kubelet names the thing and has no figures; a start of 0, that it was never started (nodes).
   *
   * @param clockSetShownAtMs when a page first showed that the node's clock had been set: what a page had by then may have been stamped
   *   before, and what the next one has was stamped afterwards
   */
  record(
    id: number, timestampMs: number, cpuNanoseconds: number, memoryBytes: number, startNanoseconds: number,
    nowMs: number, clockSetShownAtMs = -Infinity,
  ): void {
    const at = id * CELLS;
    if (at >= this.cells.length) this.grow(at);
    const cells = this.cells;
    const lastMs = cells[at + TIMESTAMP_MS];
    const isSameRun = startNanoseconds === cells[at + START_NANOSECONDS];
    if (isSameRun && (timestampMs === lastMs || Number.isNaN(timestampMs))) {
      return this.recordNothingNew(at, timestampMs, nowMs);
    }
    const wasClockSet = cells[at + SEEN_AT_MS] <= clockSetShownAtMs;
    if (wasClockSet || Math.abs(timestampMs - lastMs - (nowMs - cells[at + SEEN_AT_MS])) > MAX_AGE_DIFFERENCE_MS) {
      // The two samples do not say how far apart they are.
      this.dropPrevious(at);
    } else if (!isSameRun && cpuNanoseconds > 0 && nowMs - clockSetShownAtMs > MAX_AGE_DIFFERENCE_MS && this.isFresh(startNanoseconds, timestampMs)) {
      // Started since the scrape before: its start is the first sample. What was seen before is as old as it was, whatever its clock says now.
      const submillisecond = startNanoseconds % NANOSECONDS_PER_MILLISECOND;
      cells[at + PREVIOUS_TIMESTAMP_MS] = wholeMilliseconds(startNanoseconds, submillisecond);
      cells[at + PREVIOUS_TIMESTAMP_NANOSECONDS] = submillisecond;
      cells[at + PREVIOUS_CPU_NANOSECONDS] = 0;
    } else if (isSameRun || (nanosecondsSince(startNanoseconds, lastMs) > 0 && startNanoseconds >= cells[at + START_NANOSECONDS])) {
      this.keepPrevious(at, timestampMs, cpuNanoseconds);
    } else {
      // First sight, or restarted since the last sample.
      this.dropPrevious(at);
    }
    cells[at + TIMESTAMP_MS] = timestampMs;
    cells[at + CPU_NANOSECONDS] = cpuNanoseconds;
    cells[at + MEMORY_BYTES] = memoryBytes;
    cells[at + START_NANOSECONDS] = startNanoseconds;
    cells[at + SEEN_AT_MS] = nowMs;
  }

  /** NaN when the kubelet says nothing of it. */
  recordSwap(id: number, bytes: number): void {
    if (id >= this.swap.length) {
      if (Number.isNaN(bytes)) return;
      const swap = new Float64Array(this.cells.length / CELLS).fill(NaN);
      swap.set(this.swap);
      this.swap = swap;
    }
    this.swap[id] = bytes;
  }

  clear(id: number): void {
    const at = id * CELLS;
    if (at < this.cells.length) this.cells.fill(NaN, at, at + CELLS);
  }

  hasPrevious(id: number): boolean {
    return this.cells[id * CELLS + PREVIOUS_TIMESTAMP_MS] >= 0;
  }

  /** The next sample makes a pair, or is the first; unless it has been due for so long that it may never come. */
  awaitsRate(id: number, nowMs: number): boolean {
    const at = id * CELLS;
    const isSampled = this.cells[at + CPU_NANOSECONDS] > 0;
    const isUnseen = Number.isNaN(this.cells[at + TIMESTAMP_MS]);
    return !this.hasPrevious(id) && (isSampled || isUnseen) && nowMs - this.cells[at + SEEN_AT_MS] <= MAX_STILL_MS;
  }

  timestampMs(id: number): number {
    return this.cells[id * CELLS + TIMESTAMP_MS];
  }

  /** NaN when the kubelet has no figure. A 0 is one only of what does nothing: whatever runs has memory. */
  memoryBytes(id: number): number {
    const memory = this.cells[id * CELLS + MEMORY_BYTES];
    return memory > 0 || (memory === 0 && this.cpuNanocores(id) === 0) ? memory : NaN;
  }

  /** Beside memory only: both are of the moment. */
  swapBytes(id: number): number {
    return id < this.swap.length && !Number.isNaN(this.memoryBytes(id)) ? this.swap[id] : NaN;
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
    if (!hasStatistics(cpu, cells[at + MEMORY_BYTES])) return NaN;
    const used = cpu - cells[at + PREVIOUS_CPU_NANOSECONDS];
    const windowNanoseconds = this.windowNanoseconds(id);
    if (!(used >= 0 && windowNanoseconds >= MIN_WINDOW_MS * NANOSECONDS_PER_MILLISECOND)) return NaN;
    const rate = Math.trunc(used / seconds(windowNanoseconds));
    return rate <= MAX_NANOCORES ? rate : NaN;
  }

  private isFresh(startNanoseconds: number, timestampMs: number): boolean {
    const ageNanoseconds = nanosecondsSince(startNanoseconds, timestampMs);
    return ageNanoseconds >= MIN_FRESH_WINDOW_NANOSECONDS && ageNanoseconds < this.resolutionNanoseconds;
  }

  /** The kubelet has not looked again, or has no figures for the moment: what comes next is measured from what was there. */
  private recordNothingNew(at: number, timestampMs: number, nowMs: number): void {
    if (timestampMs === this.cells[at + TIMESTAMP_MS] && nowMs - this.cells[at + SEEN_AT_MS] <= MAX_STILL_MS) return;
    this.keepPrevious(at, NaN, NaN);
    this.cells[at + CPU_NANOSECONDS] = this.cells[at + MEMORY_BYTES] = NaN;
  }

  private keepPrevious(at: number, timestampMs: number, cpuNanoseconds: number): void {
    const cells = this.cells;
    const lastMs = cells[at + TIMESTAMP_MS];
    const lastCpu = cells[at + CPU_NANOSECONDS];
    const isTooClose = timestampMs - lastMs < MIN_WINDOW_MS;
    if (timestampMs < lastMs) {
      // The clock was set back a little.
      this.dropPrevious(at);
    } else if (lastCpu === 0 && cpuNanoseconds !== 0) {
      // The 0 may have meant that there was no figure, so it begins no window; and one that began with another 0 is none.
      if (cells[at + PREVIOUS_CPU_NANOSECONDS] === 0) this.dropPrevious(at);
    } else if (hasStatistics(lastCpu, cells[at + MEMORY_BYTES]) && !(isTooClose && cells[at + PREVIOUS_TIMESTAMP_MS] >= 0)) {
      cells[at + PREVIOUS_TIMESTAMP_MS] = lastMs;
      cells[at + PREVIOUS_TIMESTAMP_NANOSECONDS] = 0;
      cells[at + PREVIOUS_CPU_NANOSECONDS] = lastCpu;
    }
  }

  private dropPrevious(at: number): void {
    this.cells.fill(NaN, at + PREVIOUS_TIMESTAMP_MS, at + SEEN_AT_MS);
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

/** A counter of 0 without memory is what a kubelet says that has no statistics (yet); NaN, that it said nothing. */
function hasStatistics(cpuNanoseconds: number, memoryBytes: number): boolean {
  return cpuNanoseconds > 0 || (cpuNanoseconds === 0 && memoryBytes > 0);
}

/** As Go's Duration.Seconds computes it, so that the last digit is the same. */
function seconds(nanoseconds: number): number {
  // The operator `%` would take longer than all else about a rate.
  const whole = Math.floor(nanoseconds / NANOSECONDS_PER_SECOND);
  return whole + (nanoseconds - whole * NANOSECONDS_PER_SECOND) / NANOSECONDS_PER_SECOND;
}
