import * as fc from 'fast-check';
import { CounterRates } from '../../../../src/runtime/metric-sources/pods/counter-rates';

test('a counter that was seen once has no rate', () => {
  expect(new CounterRates(60_000).rate('a', 5, 0)).toBeUndefined();
});

test('a counter that was not seen within the window has none either', () => {
  const rates = new CounterRates(60_000);
  rates.rate('a', 5, 0);
  expect(rates.rate('a', 500, 61_000)).toBeUndefined();
});

test('what is gone is forgotten', () => {
  const rates = new CounterRates(60_000);
  rates.rate('a', 5, 0);
  rates.prune(61_000);
  rates.rate('a', 50, 61_000);
  expect(rates.rate('a', 60, 71_000)).toEqual({ perSecond: 1, windowSeconds: 10 });
});

test('no more counters are remembered than it may, whatever they are called', () => {
  const rates = new CounterRates(60_000, 2);
  rates.rate('a', 5, 0);
  rates.rate('b', 5, 0);
  expect(() => rates.rate('c', 5, 15_000)).toThrow('all pods together have more than 2 counters within the window; choose fewer pods, or have them say less');
  expect(rates.rate('a', 20, 15_000)).toEqual({ perSecond: 1, windowSeconds: 15 });
});

test('a rate times its window is what was counted in it, whatever was reset meanwhile', () => {
  const step = fc.record({ added: fc.nat(1000), reset: fc.boolean(), seconds: fc.integer({ min: 1, max: 40 }) });
  fc.assert(fc.property(fc.array(step, { minLength: 1 }), (steps) => {
    const rates = new CounterRates(60_000);
    let [value, timeMs] = [10_000, 0];
    rates.rate('a', value, timeMs);
    const seen = [{ timeMs, added: 0 }];
    for (const { added, reset, seconds } of steps) {
      // Only what falls can be seen to be reset.
      value = reset && added < value ? added : value + added;
      timeMs += seconds * 1000;
      seen.push({ timeMs, added });
      const inWindow = seen.filter((point) => timeMs - point.timeMs <= 60_000);
      const counted = inWindow.slice(1).reduce((sum, point) => sum + point.added, 0);
      const { perSecond, windowSeconds } = rates.rate('a', value, timeMs)!;
      expect(windowSeconds).toBe((timeMs - inWindow[0].timeMs) / 1000);
      expect(perSecond * windowSeconds).toBeCloseTo(counted, 6);
    }
  }));
});
