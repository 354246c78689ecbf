import * as fc from 'fast-check';
import * as ts from 'typescript';
import { stringify } from 'yaml';
import { chartLeaves } from './chart-values';
import { runCli } from '../run-cli';

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'x', '`${a}`\n\'"\\', 0, -1, 1.5, true, false, [], {}, [null], [[]], [{}], ['--x', ''], [{ name: null }], { '': null }, { 'a-b': 'c' }),
  fc.jsonValue({ maxDepth: 3 }),
);

test('whatever stands in the values, the answer is a program that parses or one line', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...chartLeaves().keys()), junk), { minLength: 1, maxLength: 4 }), (given) => {
    const values: Record<string, any> = {
      addonResizer: { enabled: true }, metrics: { enabled: true }, serviceMonitor: { enabled: true }, podDisruptionBudget: { enabled: true },
    };
    for (const [path, value] of given) {
      const names = path.split('.');
      const last = names.pop()!;
      names.reduce((tree, name) => tree[name] ??= {}, values)[last] = value;
    }

    const { code, out, errors } = runCli(['from-helm', '-'], { '-': stringify(values) });

    if (code === 2) {
      expect({ out, lines: errors.length }).toEqual({ out: '', lines: 1 });
    } else {
      expect(errors.length > 0).toBe(code === 1);
      const { diagnostics } = ts.transpileModule(out, { reportDiagnostics: true });
      // Their texts alone: whole, they hold the program's tree, which takes minutes to print.
      expect(diagnostics!.map(({ messageText }) => messageText)).toEqual([]);
    }
  }), { numRuns: 300 });
});
