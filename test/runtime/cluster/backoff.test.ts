import * as fc from 'fast-check';
import { Backoff, pause } from '../../../src/runtime/cluster/backoff';
import { ManualClock } from '../manual-clock';

describe('a back-off', () => {
  test('doubles up to its maximum and starts anew after a success', () => {
    const backoff = new Backoff({ initialMs: 800, maxMs: 5_000, random: () => 0 });
    expect([1, 2, 3, 4, 5].map(() => backoff.nextMs())).toEqual([800, 1_600, 3_200, 5_000, 5_000]);
    backoff.reset();
    expect(backoff.nextMs()).toBe(800);
  });

  test('leaves up to half of each delay to chance', () => {
    fc.assert(fc.property(fc.nat(2_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, chance) => {
      const backoff = new Backoff({ initialMs: 100, maxMs: 1_000, random: () => chance });
      for (let i = 0; i < failures; i++) backoff.nextMs();
      const fullMs = Math.min(1_000, 100 * 2 ** failures);
      const delayMs = backoff.nextMs();
      expect(delayMs).toBeLessThanOrEqual(fullMs);
      expect(delayMs).toBeGreaterThan(fullMs / 2 - 1e-9);
    }));
  });
});

describe('a pause', () => {
  test('ends when its time is over', async () => {
    const clock = new ManualClock();
    const over = pause(clock, 100, new AbortController().signal);
    clock.advance(100);
    await over;
  });

  test('ends at once when cancelled, and leaves no timer', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const over = pause(clock, 100, controller.signal);
    controller.abort();
    await over;
    await pause(clock, 100, controller.signal);
    expect(clock.pending).toBe(0);
  });
});
