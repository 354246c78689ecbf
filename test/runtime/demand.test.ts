import { ManualClock } from './manual-clock';
import { Demand } from '../../src/runtime/demand';

test('is recent for two seconds after somebody has asked', () => {
  const clock = new ManualClock();
  const demand = new Demand(clock);
  const seen = [demand.isRecent];
  demand.note();
  for (const ms of [0, 2000, 1]) {
    clock.advance(ms);
    seen.push(demand.isRecent);
  }
  expect(seen).toEqual([false, true, true, false]);
});
