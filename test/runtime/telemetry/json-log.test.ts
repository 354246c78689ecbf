import { createJsonLogger } from '../../../src/runtime/telemetry/json-log';
import { ManualClock } from '../manual-clock';

test('a line is JSON as other components write it; only what is no error has a level', () => {
  const lines: string[] = [];
  const errors: boolean[] = [];
  const clock = new ManualClock();
  const logger = createJsonLogger('scraper', { write: (line, isError) => { lines.push(line); errors.push(isError); }, clock, verbosity: { level: 2 } });
  logger.info('Serving', { port: 443, address: undefined });
  logger.warn('Odd\n');
  logger.error('Failed to scrape node', { node: 'a', err: 'refused' });
  logger.verbose(2, 'Detail');
  logger.verbose(3, 'Too much');
  const common = { ts: clock.now(), caller: 'scraper' };
  expect(errors).toEqual([false, false, true, false]);
  expect(lines.join('')).not.toContain('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { ...common, msg: 'Serving', v: 0, port: 443 },
    { ...common, msg: 'Odd\n', v: 0 },
    { ...common, msg: 'Failed to scrape node', node: 'a', err: 'refused' },
    { ...common, msg: 'Detail', v: 2 },
  ]);
});
