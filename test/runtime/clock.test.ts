import { systemClock } from '../../src/runtime/clock';

const DAY_MS = 86_400_000;

beforeEach(() => jest.useFakeTimers());

afterEach(() => jest.useRealTimers());

test.each([[0], [1_000], [24 * DAY_MS], [25 * DAY_MS], [100 * DAY_MS]])('calls back once, after %d ms', (delayMs) => {
  let calls = 0;
  systemClock.after(delayMs, () => { calls++; });
  if (delayMs > 0) jest.advanceTimersByTime(delayMs - 1);
  expect(calls).toBe(0);
  jest.advanceTimersByTime(1);
  jest.advanceTimersByTime(delayMs);
  expect([calls, jest.getTimerCount()]).toEqual([1, 0]);
});

test('calls back no more when stopped, however long it had waited', () => {
  let calls = 0;
  const stop = systemClock.after(60 * DAY_MS, () => { calls++; });
  jest.advanceTimersByTime(50 * DAY_MS);
  stop();
  stop();
  jest.advanceTimersByTime(50 * DAY_MS);
  expect([calls, jest.getTimerCount()]).toEqual([0, 0]);
});
