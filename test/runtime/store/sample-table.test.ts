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
  /** When we see it, by default when it is taken. */
  readonly seenAt?: number;
}

/** Seconds after T0, CPU seconds, start in nanoseconds. */
function tableOf(...samples: Sample[]): SampleTable {
  const table = new SampleTable(RESOLUTION_NANOSECONDS);
  for (const { at, cpu, memory = 1, start = LONG_AGO, seenAt = at } of samples) {
    table.record(3, T0 + at * 1000, cpu * 1e9, memory, start, seenAt * 1000);
  }
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

  test('a sample that stands still keeps its rate, whatever figures come with it, for a minute', () => {
    const still = { at: 10, cpu: 15 };
    const samples = [{ at: 0, cpu: 10 }, still, { ...still, cpu: 99, seenAt: 70 }];
    expect(usage(...samples)).toEqual({ cores: 0.5, windowSeconds: 10 });
    expect(usage(...samples, { ...still, seenAt: 71 })).toBeUndefined();
    expect(usage(...samples, { ...still, seenAt: 71 }, { at: 75, cpu: 28 })).toEqual({ cores: 0.2, windowSeconds: 65 });
  });

  test('a sample without figures stands for none, and the next one is measured from those before it', () => {
    const none = { at: NaN, cpu: NaN, memory: NaN, seenAt: 20 };
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 15 }, none)).toBeUndefined();
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 15 }, none, none, { at: 30, cpu: 25 })).toEqual({ cores: 0.5, windowSeconds: 20 });
  });

  test('samples less than five seconds apart give no rate alone: the window begins with the one before', () => {
    expect(usage({ at: 0, cpu: 10 }, { at: 4.999, cpu: 12 })).toBeUndefined();
    expect(usage({ at: 0, cpu: 10 }, { at: 4, cpu: 12 }, { at: 8, cpu: 14 })).toEqual({ cores: 0.5, windowSeconds: 8 });
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 15 }, { at: 12, cpu: 16 })).toEqual({ cores: 0.5, windowSeconds: 12 });
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 15 }, { at: 12, cpu: 16 }, { at: 22, cpu: 18 })).toEqual({ cores: 0.2, windowSeconds: 10 });
  });

  test.each([-3600, -60, -16, 60, 3600])('a clock that is set by %i s leaves no rate, the next sample gives one again', jump => {
    const jumped = [{ at: 0, cpu: 10 }, { at: 15, cpu: 20 }, { at: 30 + jump, cpu: 30, seenAt: 30 }];
    expect(usage(...jumped)).toBeUndefined();
    expect(usage(...jumped, { at: 45 + jump, cpu: 45, seenAt: 45 })).toEqual({ cores: 1, windowSeconds: 15 });
  });

  test('after scrapes that failed for a while the window spans them', () => {
    expect(usage({ at: 0, cpu: 10 }, { at: 600, cpu: 310 })).toEqual({ cores: 0.5, windowSeconds: 600 });
  });

  test('a counter that goes back gives no rate, a start that goes back neither', () => {
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 9 })).toBeUndefined();
    expect(usage({ at: 0, cpu: 10 }, { at: 10, cpu: 15, start: LONG_AGO - 256 })).toBeUndefined();
  });

  test.each([[{ cpu: 0, memory: 1 }], [{ cpu: 0, memory: 0 }], [{ cpu: NaN, memory: 1 }], [{ cpu: NaN, memory: NaN }]])(
    'a sample without CPU (%p) gives no rate and begins no window: the one before stands in', ({ cpu, memory }) => {
      const samples = [{ at: 0, cpu: 10 }, { at: 10, cpu: 12 }, { at: 20, cpu, memory }];
      expect(usage(...samples)).toBeUndefined();
      expect(usage(...samples, { at: 30, cpu: 16 })).toEqual({ cores: 0.2, windowSeconds: 20 });
    });

  test('a rate that no machine has is not served', () => {
    expect(usage({ at: 0, cpu: 1 }, { at: 10, cpu: 81_922 })).toBeUndefined();
    expect(usage({ at: 0, cpu: 1 }, { at: 10, cpu: 81_921 })?.cores).toBe(8192);
  });
});

describe('zero', () => {
  test('CPU 0 beside memory is a figure when it stays, and begins no window when it does not', () => {
    expect(usage({ at: 0, cpu: 0 })).toBeUndefined();
    expect(usage({ at: 0, cpu: 0 }, { at: 15, cpu: 0 })).toEqual({ cores: 0, windowSeconds: 15 });
    expect(usage({ at: 0, cpu: 0 }, { at: 15, cpu: 1000 })).toBeUndefined();
    expect(usage({ at: 0, cpu: 0 }, { at: 15, cpu: 0 }, { at: 30, cpu: 1000 })).toBeUndefined();
    expect(usage({ at: 0, cpu: 0 }, { at: 15, cpu: NaN }, { at: 30, cpu: 1000 })).toBeUndefined();
    expect(usage({ at: 0, cpu: 0 }, { at: 15, cpu: 1000 }, { at: 30, cpu: 1003 })).toEqual({ cores: 0.2, windowSeconds: 15 });
  });

  test('CPU 0 without memory is no figure', () => {
    expect(usage({ at: 0, cpu: 0, memory: 0 }, { at: 15, cpu: 0, memory: 0 })).toBeUndefined();
    expect(tableOf({ at: 0, cpu: 0, memory: 0 }, { at: 15, cpu: 0, memory: 0 }).memoryBytes(3)).toBeNaN();
  });

  test('memory 0 is a figure of what uses no CPU either', () => {
    expect(tableOf({ at: 0, cpu: 10 }, { at: 15, cpu: 10, memory: 0 }).memoryBytes(3)).toBe(0);
    expect(tableOf({ at: 0, cpu: 10 }, { at: 15, cpu: 11, memory: 0 }).memoryBytes(3)).toBeNaN();
    expect(tableOf({ at: 0, cpu: 10 }, { at: 15, cpu: 11, memory: NaN }).memoryBytes(3)).toBeNaN();
  });
});

describe('containers that start', () => {
  const startedAt = (seconds: number) => (T0 + seconds * 1000) * 1e6;

  test('one that started at least 10 s and less than a resolution ago has a rate from its start', () => {
    expect(usage({ at: 12, cpu: 3, start: startedAt(0) })?.windowSeconds).toBeCloseTo(12, 6);
    expect(usage({ at: 9.999, cpu: 3, start: startedAt(0) })).toBeUndefined();
    expect(usage({ at: 15.001, cpu: 3, start: startedAt(0) })).toBeUndefined();
  });

  test('one that was seen before is not taken for new when its node\'s clock is set back to its start', () => {
    const seen = [{ at: 0, cpu: 3600, start: startedAt(-3600) }, { at: 15, cpu: 3615, start: startedAt(-3600) }];
    const setBack = { at: -3600, cpu: 3630, start: startedAt(-3600), seenAt: 30 };
    expect(usage(...seen, setBack)).toBeUndefined();
    expect(usage(...seen, setBack, { ...setBack, at: -3588, cpu: 3642, seenAt: 42 })).toEqual({ cores: 1, windowSeconds: 12 });
  });

  test('one that started again since the last sample has none until it has two of its own', () => {
    const restarted = [{ at: 0, cpu: 100 }, { at: 15, cpu: 1, start: startedAt(9) }];
    expect(usage(...restarted)).toBeUndefined();
    expect(usage(...restarted, { at: 40, cpu: 11, start: startedAt(9) })).toEqual({ cores: 0.4, windowSeconds: 25 });
  });

  test('the window from a start is exact to the nanosecond', () => {
    // 1795229740.0481648 s as a double times 1e9 is 1795229740048164864 ns.
    const table = new SampleTable(RESOLUTION_NANOSECONDS);
    table.record(0, 1_795_229_752_048, 1e9, 1, Math.trunc(1.7952297400481648e9 * 1e9), 0);
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

test('whatever is recorded: a rate is a whole number that a machine can have, its window five seconds or longer, memory not below zero', () => {
  const number = fc.oneof(fc.nat({ max: 100 }), fc.double({ min: 0, max: 2 ** 63, noNaN: true }), fc.constant(NaN));
  const sample = fc.record({
    timestampMs: fc.oneof(fc.nat({ max: 60_000 }).map(ms => T0 + ms), fc.nat({ max: 8.64e15 }), fc.constant(NaN)),
    cpu: number,
    memory: number,
    start: fc.oneof(fc.constant(0), fc.nat({ max: 60_000 }).map(ms => (T0 + ms) * 1e6), fc.double({ min: 0, max: 2 ** 64, noNaN: true })),
    laterMs: fc.nat({ max: 60_000 }),
  });
  fc.assert(fc.property(fc.array(sample, { maxLength: 30 }), samples => {
    const table = new SampleTable(RESOLUTION_NANOSECONDS);
    let nowMs = 0;
    for (const { timestampMs, cpu, memory, start, laterMs } of samples) {
      table.record(0, timestampMs, cpu, memory, start, nowMs += laterMs);
      const nanocores = table.cpuNanocores(0);
      if (Number.isNaN(nanocores)) continue;
      expect(Number.isSafeInteger(nanocores) && nanocores >= 0 && nanocores <= 8192e9).toBe(true);
      expect(table.windowNanoseconds(0)).toBeGreaterThanOrEqual(5e9);
      expect(table.memoryBytes(0) < 0).toBe(false);
    }
  }), { numRuns: 1000 });
});
