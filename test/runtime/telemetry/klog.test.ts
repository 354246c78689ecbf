import * as fc from 'fast-check';
import { createKlogLogger } from '../../../src/runtime/telemetry/klog';
import { LogFields, Logger } from '../../../src/runtime/telemetry/logger';
import { ModuleVerbosity } from '../../../src/runtime/telemetry/module-verbosity';
import { ManualClock } from '../manual-clock';

const START = new Date(2026, 10, 21, 9, 8, 7, 65);

function linesOf(act: (logger: Logger) => void, verbosity = 0, moduleVerbosities: readonly ModuleVerbosity[] = []): string[] {
  const lines: string[] = [];
  const write = (line: string, isError: boolean) => lines.push(line) && expect(isError).toBe(line.startsWith('E'));
  act(createKlogLogger('scraper', { write, clock: new ManualClock(START.getTime()), verbosity: { level: verbosity }, moduleVerbosities, pid: 1 }));
  return lines;
}

test('a line reads like klog\'s: severity, month and day, time, pid, module, message, fields', () => {
  expect(linesOf((logger) => logger.info('Scraped', { node: 'node-a', pods: 12, ready: true }))).toEqual([
    'I1121 09:08:07.065000       1 scraper] "Scraped" node="node-a" pods=12 ready=true',
  ]);
});

test('the first letter is the severity', () => {
  const lines = linesOf((logger) => {
    logger.info('a');
    logger.warn('b');
    logger.error('c');
  });
  expect(lines.map((line) => line[0])).toEqual(['I', 'W', 'E']);
});

test('verbose lines are written up to --v, as info', () => {
  const lines = linesOf((logger) => {
    for (const level of [1, 2, 3]) {
      logger.verbose(level, `level ${level}`);
    }
  }, 2);
  expect(lines.map((line) => /^I.*\] (.*)$/.exec(line)![1])).toEqual(['"level 1"', '"level 2"']);
});

test.each<[string, ModuleVerbosity[], number, string[]]>([
  ['the module itself', [{ pattern: 'scraper', level: 2 }], 0, ['"level 1"', '"level 2"']],
  ['a pattern', [{ pattern: 'scr?p*', level: 1 }], 0, ['"level 1"']],
  ['the first that fits', [{ pattern: 'server', level: 3 }, { pattern: '*', level: 1 }, { pattern: 'scraper', level: 3 }], 0, ['"level 1"']],
  ['never less than --v', [{ pattern: 'scraper', level: 1 }], 2, ['"level 1"', '"level 2"']],
  ['another module', [{ pattern: 'scrape', level: 9 }], 0, []],
])('--vmodule: %s', (_what, settings, verbosity, messages) => {
  const lines = linesOf((logger) => [1, 2, 3].forEach((level) => logger.verbose(level, `level ${level}`)), verbosity, settings);
  expect(lines.map((line) => /\] (.*)$/.exec(line)![1])).toEqual(messages);
});

test('what a value holds cannot be taken for another field or line', () => {
  const [line] = linesOf((logger) => logger.error('Failed', { err: 'a "b"\nE1121 forged' }));
  expect(line).toMatch(/ "Failed" err="a \\"b\\"\\nE1121 forged"$/);
});

test('a field without a value is left out', () => {
  expect(linesOf((logger) => logger.info('m', { a: undefined, b: 0 }))[0]).toMatch(/"m" b=0$/);
});

test('whatever is logged, an event is one line without control characters', () => {
  const text = fc.string({ unit: 'binary' });
  const fields: fc.Arbitrary<LogFields> = fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean(), fc.constant(undefined)));
  fc.assert(fc.property(text, fields, (message, values) => {
    const lines = linesOf((logger) => logger.info(message, values));
    expect(lines).toHaveLength(1);
    // eslint-disable-next-line no-control-regex
    expect(lines[0]).toMatch(/^I\d{4} [\d:.]{15} {7}1 scraper\] "[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$/);
  }));
});
