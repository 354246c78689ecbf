import { ResetLimit } from '../../../src/runtime/server/reset-limit';
import { ManualClock } from '../manual-clock';

/** How many of so many resets are beyond the limit. */
function exceeding(limit: ResetLimit, resets: number): number {
  return Array.from({ length: resets }, () => limit.isExceeded()).filter(Boolean).length;
}

test('500 requests may be reset at once, and 33 a second from then on', () => {
  const clock = new ManualClock();
  const limit = new ResetLimit(clock);
  expect(exceeding(limit, 500)).toBe(0);
  clock.advance(1_000);
  expect(exceeding(limit, 34)).toBe(1);
});

test('who has reset nothing for long has no more than the 500', () => {
  const clock = new ManualClock();
  const limit = new ResetLimit(clock);
  clock.advance(3_600_000);
  expect(exceeding(limit, 501)).toBe(1);
});
