import { RecurringLog } from '../../../src/runtime/server/recurring-log';
import { ManualClock } from '../manual-clock';

let clock: ManualClock;
let lines: string[];
let log: RecurringLog;

beforeEach(() => {
  clock = new ManualClock();
  lines = [];
  log = new RecurringLog(clock, (text) => lines.push(text));
});

test('what recurs is told once a minute', () => {
  for (let second = 0; second < 120; second++) {
    log.log('down');
    clock.advance(1_000);
  }
  expect(lines).toEqual(['down', 'down']);
});

test('each text by itself', () => {
  ['down', 'late', 'down'].forEach((text) => log.log(text));
  expect(lines).toEqual(['down', 'late']);
});

test('texts that are another one each time do not fill the log, and the next line says how many were left out', () => {
  for (let index = 0; index < 10_000; index++) log.log(`certificate ${index} has expired`);
  expect(lines).toHaveLength(20);
  clock.advance(6_000);
  log.log('down');
  expect(lines[20]).toBe('down (9980 others were left out)');
  clock.advance(6_000);
  log.log('late');
  expect(lines[21]).toBe('late');
});

test('no more than ten a minute, however long that goes on', () => {
  for (let index = 0; index < 600; index++) {
    log.log(`certificate ${index} has expired`);
    clock.advance(1_000);
  }
  expect(lines.length).toBeLessThanOrEqual(20 + 100);
});

test('and what recurs beside them is still told no more often', () => {
  log.log('down');
  for (let index = 0; index < 590; index++) {
    clock.advance(100);
    log.log(`certificate ${index} has expired`);
    log.log('down');
  }
  expect(lines.filter((line) => line.startsWith('down'))).toEqual(['down']);
});
