import { ManualClock } from './manual-clock';
import { TokenBucket } from '../../src/runtime/token-bucket';

test('so many permits at once, and then at the rate', () => {
  const clock = new ManualClock();
  const permits = new TokenBucket(clock, { perSecond: 4, burst: 2 });
  expect([permits.take(), permits.take(), permits.take()]).toEqual([0, 0, 250]);
  clock.advance(250);
  expect([permits.take(), permits.take()]).toEqual([0, 250]);
});

test('a long pause gives no more than the burst', () => {
  const clock = new ManualClock();
  const permits = new TokenBucket(clock, { perSecond: 4, burst: 2 });
  clock.advance(3_600_000);
  expect([permits.take(), permits.take(), permits.take()]).toEqual([0, 0, 250]);
});
