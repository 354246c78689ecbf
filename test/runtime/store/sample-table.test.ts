import * as fc from 'fast-check';
import { SampleTable, nanosecondsSince } from '../../../src/runtime/store/sample-table';

const RESOLUTION_NANOSECONDS = 15e9;
const T0 = 1_795_229_800_000;
const LONG_AGO = (T0 - 3_600_000) * 1e6;

interface Sample {
  readonly at: number;
  readonly cpu: number;
  readonly memory?: number;
  readonly start?: number;
}

/** Seconds after T0, CPU seconds, start in nanoseconds. */
function tableOf(...samples: Sample[]): SampleTable {
  const table = new SampleTable(RESOLUTION_NANOSECONDS);
  for (const { at, cpu, memory = 1, start = LONG_AGO } of samples) table.record(3, T0 + at * 1000, cpu * 1e9, memory, start);
  return table;
}

function usage(...samples: Sample[]): { cores: number; windowSeconds: number } | undefined {
  const table = tableOf(...samples);
  const nanocores = table.cpuNanocores(3);
  return Number.isNaN(nanocores) ? undefined : { cores: nanocores / 1e9, windowSeconds: table.windowNanoseconds(3) / 1e9 };
}

describe('two samples', () => {
  test('one sample gives no rate, the second does', () => {
    expect(usage({ at: 0, cpu: 10 })).toBeUndefined();
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 15 })).toEqual({ cores: 0.5, windowSeconds: 10 });
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 15 }, { at: 20, cpu: 17 })).toEqual({ cores: 0.2, windowSeconds: 10 });
  });

  test('a sample that stands still, or steps back not behind the one before, keeps the window\'s beginning', () => {
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 15 }, { at: 10, cpu: 15 })).toEqual({ cores: 0.5, windowSeconds: 10 });
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 15 }, { at: 5, cpu: 12 })).toEqual({ cores: 0.4, windowSeconds: 5 });
  });

  test('a clock that jumps behind both samples leaves no rate, the next sample gives one again', () => {
    const jumped = [{ at: 0, cpu: 10 }, { at: 10, cpu: 15 }, { at: -5, cpu: 20 }];
    expect(usage(...jumped)).toBeUndefined();
    expect(usage(...jumped, { at: 5, cpu: 25 })).toEqual({ cores: 0.5, windowSeconds: 10 });
  });

  test('a counter that goes back gives no rate, a start that goes back neither', () => {
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 9 })).toBeUndefined();
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 15, start: LONG_AGO - 256 })).toBeUndefined();
  });

  test.each([[{ cpu: 0, memory: 1 }], [{ cpu: NaN, memory: 1 }], [{ cpu: 11, memory: 0 }], [{ cpu: 11, memory: NaN }]])(
    'a sample without statistics (%p) gives no rate and begins no window: the one before stands in', ({ cpu, memory }) => {
      const samples = [{ at: 0, cpu: 10 }, { at: 10, cpu: 12 }, { at: 20, cpu, memory }];
      expect(usage(...samples)).toBeUndefined();
      expect(usage(...samples, { at: 30, cpu: 16 })).toEqual({ cores: 0.2, windowSeconds: 20 });
    });

  test('a rate that no machine has is not served', () => {
    expect(usage({ at: 0, cpu: 1 }, { at: 0.001, cpu: 1e10 })).toBeUndefined();
  });
});

describe('containers that start', () => {
  const startedAt = (seconds: number) => (T0 + seconds * 1000) * 1e6;

  test('one that started at least 10 s and less than a resolution ago has a rate from its start', () => {
    expect(usage({ at: 12, cpu: 3, start: startedAt(0) })?.windowSeconds).toBeCloseTo(12, 6);
    expect(usage({ at: 9.999, cpu: 3, start: startedAt(0) })).toBeUndefined();
    expect(usage({ at: 15.001, cpu: 3, start: startedAt(0) })).toBeUndefined();
  });

  test('one that started again since the last sample has none until it has two of its own', () => {
    const restarted = [{ at: 0, cpu: 100 }, { at: 15, cpu: 1, start: startedAt(9) }];
    expect(usage(...restarted)).toBeUndefined();
    expect(usage(...restarted, { at: 40, cpu: 11, start: startedAt(9) })).toEqual({ cores: 0.4, windowSeconds: 25 });
  });

  test('the window from a start is exact to the nanosecond', () => {
    // 1795229740.0481648 s as a double times 1e9 is 1795229740048164864 ns.
    const table = new SampleTable(RESOLUTION_NANOSECONDS);
    table.record(0, 1_795_229_752_048, 1e9, 1, Math.trunc(1.7952297400481648e9 * 1e9));
    expect(table.windowNanoseconds(0)).toBe(11_999_835_136);
  });
});

test('nanosecondsSince is exact, as BigInt computes it', () => {
  const start = fc.double({ min: 0, max: 4e9, noNaN: true }).map(seconds => Math.trunc(seconds * 1e9));
  fc.assert(fc.property(start, fc.integer({ min: -8_000_000_000, max: 8_000_000_000 }), (nanoseconds, offsetMs) => {
    const milliseconds = Math.round(nanoseconds / 1e6) + offsetMs;
    expect(BigInt(nanosecondsSince(nanoseconds, milliseconds))).toBe(BigInt(milliseconds) * 1_000_000n - BigInt(nanoseconds));
  }), { numRuns: 2000 });
});

test('whatever is recorded: a rate is a whole number not below zero, its window is longer than zero, memory is above zero', () => {
  const number = fc.oneof(fc.nat({ max: 100 }), fc.double({ min: 0, max: 2 ** 63, noNaN: true }), fc.constant(NaN));
  const sample = fc.record({
    timestampMs: fc.oneof(fc.nat({ max: 60_000 }).map(ms => T0 + ms), fc.nat({ max: 8.64e15 }), fc.constant(NaN)),
    cpu: number,
    memory: number,
    start: fc.oneof(fc.constant(0), fc.nat({ max: 60_000 }).map(ms => (T0 + ms) * 1e6), fc.double({ min: 0, max: 2 ** 64, noNaN: true })),
  });
  fc.assert(fc.property(fc.array(sample, { maxLength: 30 }), samples => {
    const table = new SampleTable(RESOLUTION_NANOSECONDS);
    for (const { timestampMs, cpu, memory, start } of samples) {
      table.record(0, timestampMs, cpu, memory, start);
      const nanocores = table.cpuNanocores(0);
      if (Number.isNaN(nanocores)) continue;
      expect(Number.isSafeInteger(nanocores) && nanocores >= 0).toBe(true);
      expect(table.windowNanoseconds(0)).toBeGreaterThan(0);
      expect(table.memoryBytes(0)).toBeGreaterThan(0);
      expect(table.timestampMs(0)).toBe(timestampMs);
    }
  }), { numRuns: 1000 });
});
