import { createJsonLogger } from '../../../src/runtime/telemetry/json-log';
import { ManualClock } from '../manual-clock';

test('a line is JSON as other components write it; only what is no error has a level', () => {
  const lines: string[] = [];
  const clock = new ManualClock();
  const logger = createJsonLogger({ write: (line) => lines.push(line), clock, verbosity: 2 });
  logger.info('Serving', { port: 443, address: undefined });
  logger.warn('Odd\n');
  logger.error('Failed to scrape node', { node: 'a', err: 'refused' });
  logger.verbose(2, 'Detail');
  logger.verbose(3, 'Too much');
  const common = { ts: clock.now(), caller: 'metrics-server' };
  expect(lines.join('')).not.toContain('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { ...common, msg: 'Serving', v: 0, port: 443 },
    { ...common, msg: 'Odd\n', v: 0 },
    { ...common, msg: 'Failed to scrape node', node: 'a', err: 'refused' },
    { ...common, msg: 'Detail', v: 2 },
  ]);
});
