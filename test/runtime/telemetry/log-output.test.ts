import { LogOutput, LogOutputOptions } from '../../../src/runtime/telemetry/log-output';
import { ManualClock } from '../manual-clock';

let clock: ManualClock;
let written: string[];

beforeEach(() => {
  clock = new ManualClock();
  written = [];
});

function output(options: Partial<LogOutputOptions>): LogOutput {
  return new LogOutput({
    splitsStreams: true,
    infoBufferBytes: 0,
    flushIntervalMs: 5_000,
    clock,
    stdout: (text) => written.push(`stdout ${text}`),
    stderr: (text) => written.push(`stderr ${text}`),
    ...options,
  });
}

test('everything goes to standard error, at once', () => {
  const log = output({ splitsStreams: false, infoBufferBytes: 100 });
  log.write('a', false);
  log.write('b', true);
  expect(written).toEqual(['stderr a\n', 'stderr b\n']);
});

test('split, only errors do', () => {
  const log = output({});
  log.write('a', false);
  log.write('b', true);
  expect(written).toEqual(['stdout a\n', 'stderr b\n']);
});

test('lines are held back until the buffer is full; errors are not', () => {
  const log = output({ infoBufferBytes: 6 });
  log.write('äa', false);
  log.write('b', true);
  expect(written).toEqual(['stderr b\n']);
  log.write('c', false);
  expect(written.slice(1)).toEqual(['stdout äa\nc\n']);
  expect(clock.pending).toBe(0);
});

test('no longer than --log-flush-frequency', () => {
  const log = output({ infoBufferBytes: 100 });
  log.write('a', false);
  clock.advance(4_999);
  log.write('b', false);
  expect(written).toEqual([]);
  clock.advance(1);
  expect(written).toEqual(['stdout a\nb\n']);
  log.write('c', false);
  clock.advance(5_000);
  expect(written.slice(1)).toEqual(['stdout c\n']);
});

test('flushed when asked to, and nothing twice', () => {
  const log = output({ infoBufferBytes: 100 });
  log.write('a', false);
  log.flush();
  log.flush();
  clock.advance(60_000);
  expect(written).toEqual(['stdout a\n']);
});
