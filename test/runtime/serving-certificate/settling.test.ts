import { onceSettled } from '../../../src/runtime/serving-certificate/settling';
import { ManualClock } from '../manual-clock';

let clock: ManualClock;
let ready: boolean;
let settled: number;

beforeEach(() => {
  clock = new ManualClock();
  ready = false;
  settled = 0;
});

function start() {
  return onceSettled(clock, () => ready, () => { settled += 1; });
}

test('is once, half a minute after we became ready', () => {
  start();
  clock.advance(300_000);
  ready = true;
  clock.advance(1_000);
  clock.advance(29_999);
  expect(settled).toBe(0);
  clock.advance(1);
  clock.advance(300_000);
  expect(settled).toBe(1);
});

test('never comes after a stop', () => {
  const waiting = start();
  waiting();
  ready = true;
  start()();
  clock.advance(300_000);
  expect([settled, clock.pending]).toEqual([0, 0]);
});
