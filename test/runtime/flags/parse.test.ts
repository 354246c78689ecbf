import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Flag, FLAGS } from '../../../src/_facts/flags';
import { FlagValue } from '../../../src/runtime/flags/flag-value';
import { ParsedFlags, parseFlags } from '../../../src/runtime/flags/parse';
import { UsageError } from '../../../src/runtime/flags/usage-error';

interface Recorded {
  readonly argv: string[];
  readonly given?: Record<string, FlagValue>;
  readonly error?: string;
}

const recorded: Recorded[] = JSON.parse(readFileSync(join(__dirname, '../../golden/pflag-v1.0.10/command-lines.json'), 'utf8'));

const valueOf = (parsed: ParsedFlags, name: string) =>
  parsed.get(name === 'help' ? 'bool' : FLAGS.find((flag) => flag.name === name)!.type, name);

const mistakeIn = (...argv: string[]) => {
  try {
    parseFlags(argv);
  } catch (error) {
    return (error as UsageError).message;
  }
  throw new Error('no mistake found');
};

describe('a command line is read as pflag reads it', () => {
  test.each(recorded.filter(({ given }) => given).map(({ argv, given }) => [argv, given!] as const))('%j', (argv, given) => {
    const parsed = parseFlags(argv);
    for (const [name, value] of Object.entries(given)) {
      expect([name, valueOf(parsed, name)]).toEqual([name, value]);
    }
    for (const flag of FLAGS.filter(({ name }) => !(name in given))) {
      expect([flag.name, parsed.text(flag.name)]).toEqual([flag.name, flag.default]);
    }
  });
});

describe('a mistake is told in the words of pflag', () => {
  test.each(recorded.filter(({ error }) => error).map(({ argv, error }) => [argv, error!] as const))('%j', (argv, error) => {
    // For unknown flags, ours goes on with a suggestion.
    expect(mistakeIn(...argv).slice(0, error.length)).toBe(error);
  });

  test.each([
    ['--tls-sni-cert-key=/a.crt', 'expected comma separated certificate and key file paths'],
    ['--tls-sni-cert-key=/a.crt,/a.key:', 'empty names list is not allowed'],
    ['--tls-sni-cert-key=/a.crt: ', 'empty names list is not allowed'],
    ['--tls-sni-cert-key=/a.crt,:a', 'expected comma separated certificate and key file paths'],
    ['--vmodule=scraper', '"scraper" does not have the pattern=N format'],
    ['--vmodule=scraper=-1', 'the verbosity in "scraper=-1" must be a number from 0 to 2147483647'],
    ['--audit-webhook-batch-throttle-qps=1e400', 'strconv.ParseFloat: parsing "1e400": value out of range'],
    ['--log-json-info-buffer-size=1K', 'quantities must be a number'],
    ['--log-text-info-buffer-size=', 'quantities must be a number'],
  ])('a value that its type refuses: %s', (argument, problem) => {
    expect(mistakeIn(argument)).toContain(problem);
  });

  test('a value that its type refuses', () => {
    expect(mistakeIn('--metric-resolution=20'))
      .toBe('invalid argument "20" for "--metric-resolution" flag: time: missing unit in duration "20"');
  });
});

describe('an unknown flag is refused on one line, with the nearest known one', () => {
  test.each([
    ['--metric-resolutoin', 'unknown flag: --metric-resolutoin, did you mean --metric-resolution?'],
    ['--metric_resolution=15s', 'unknown flag: --metric_resolution, did you mean --metric-resolution?'],
    ['--kubelet-insecure', 'unknown flag: --kubelet-insecure, did you mean --kubelet-insecure-tls?'],
    ['-secure-port=443', "unknown shorthand flag: 's' in -secure-port=443, did you mean --secure-port?"],
    ['--qwertyuiop', 'unknown flag: --qwertyuiop; --help lists every flag'],
    ['--not\nflagged', 'unknown flag: --not\\nflagged; --help lists every flag'],
    ['---\n', 'bad flag syntax: ---\\n'],
    ['--constructor', 'unknown flag: --constructor; --help lists every flag'],
  ])('%s', (argument, mistake) => {
    expect(mistakeIn(argument)).toBe(mistake);
  });
});

test('nothing on the command line leaves every flag at its default', () => {
  const parsed = parseFlags([]);
  expect(parsed.get('duration', 'metric-resolution')).toBe(60_000);
  expect(parsed.get('strings', 'authorization-always-allow-paths')).toEqual(['/healthz', '/readyz', '/livez']);
  expect(parsed.get('strings', 'requestheader-allowed-names')).toEqual([]);
});

test('a flag asked for by another type or name is the fault of the program, not of the user', () => {
  expect(() => parseFlags([]).get('string', 'secure-port')).toThrow(new TypeError('--secure-port is of type int, not string'));
  expect(() => parseFlags([]).get('string', 'secure')).toThrow(TypeError);
});

test('whatever stands on the command line, it is read or refused as a usage error of one line', () => {
  const name = fc.constantFrom(...FLAGS).map((flag: Flag) => `--${flag.name}`);
  const argument = fc.oneof(
    name,
    fc.tuple(name, fc.string({ unit: 'binary' })).map(([flag, value]) => `${flag}=${value}`),
    fc.string({ unit: 'binary' }).map((text) => `-${text}`),
    fc.string({ unit: fc.constantFrom('-', '=', '\n', 'v', 'h', 'x', '"') }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('10s', '1', '-v', '-l', '--', '0x10', '"a","b"'),
  );
  fc.assert(fc.property(fc.array(argument, { maxLength: 6 }), (argv) => {
    try {
      parseFlags(argv);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect((error as UsageError).mistakes).toHaveLength(1);
      expect((error as UsageError).message).not.toContain('\n');
    }
  }), { numRuns: 2_000 });
});

test('flags that metrics-server has dropped are taken in both spellings, each named once', () => {
  const parsed = parseFlags(['--logtostderr', '--log_dir=/var/log', '--log-dir', '/tmp', '--source=kubernetes.summary_api:\'\'', '--enable-swagger-ui=true', '-v2']);
  expect(parsed.dropped).toEqual(['logtostderr', 'log-dir', 'source', 'enable-swagger-ui']);
  expect(parsed.get('Level', 'v')).toBe(2);
  expect(parseFlags([]).dropped).toEqual([]);
});

test('so they are with one dash, where a flag of one letter would begin', () => {
  const parsed = parseFlags(['-logtostderr', '-log_dir=/var/log', '-source=kubernetes.summary_api:\'\'', '-log-file', '/tmp/log', '-v2', '-l', 'a=b']);
  expect(parsed.dropped).toEqual(['logtostderr', 'log-dir', 'source', 'log-file']);
  expect([parsed.get('Level', 'v'), parsed.get('string', 'node-selector')]).toEqual([2, 'a=b']);
});

test('no other flag has a second spelling', () => {
  expect(() => parseFlags(['--secure_port=443'])).toThrow('unknown flag: --secure_port, did you mean --secure-port?');
});
