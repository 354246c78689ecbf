import { FLAG_DIFFERENCES } from './flag-differences';
import { optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';
import { UsageError } from '../../src/runtime/flags/usage-error';

test.each(FLAG_DIFFERENCES.flatMap(({ lines, taken }) => lines.map((line) => [taken, line] as const)))('taken %s: %j', (taken, line) => {
  const given = () => optionsFrom(parseFlags(line));
  if (taken === 'here') expect(given).not.toThrow();
  else expect(given).toThrow(UsageError);
});
