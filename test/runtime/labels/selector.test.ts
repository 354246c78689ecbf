import { readFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { Labels, parseSelector, Selector, SelectorSyntaxError } from '../../../src/runtime/labels/selector';

/** What k8s.io/apimachinery v0.34.4 answers: the canonical text and which of `labels` match, or the error. */
interface Golden {
  readonly labels: readonly Labels[];
  readonly cases: readonly { selector: string; error?: string; text?: string; matches?: boolean[] }[];
}

const golden: Golden = JSON.parse(readFileSync(join(__dirname, '../../golden/labels/selectors.json'), 'utf8'));

function outcome(text: string) {
  try {
    const selector = parseSelector(text);
    return { selector: text, text: selector.toString(), matches: golden.labels.map((labels) => selector.matches(labels)) };
  } catch (error) {
    if (!(error instanceof SelectorSyntaxError)) throw error;
    return { selector: text, error: error.message };
  }
}

describe('a label selector', () => {
  test('is read, refused and matched as k8s.io/apimachinery does', () => {
    expect(golden.cases.length).toBeGreaterThan(1000);
    expect(golden.cases.map(({ selector }) => outcome(selector))).toEqual(golden.cases);
  });

  test('says in the words of Kubernetes what is wrong', () => {
    expect(() => parseSelector('a=!b')).toThrow("unable to parse requirement: found '!', expected: identifier");
    expect(() => parseSelector('==a')).toThrow("found '==', expected: !, identifier, or 'end of string'");
  });

  test('without requirements chooses everything', () => {
    expect(parseSelector('').isEverything).toBe(true);
    expect(parseSelector('').matches({ a: 'b' })).toBe(true);
  });

  test('gives its requirements sorted by key', () => {
    expect(parseSelector('z!=1,a in (y,x),m').requirements).toEqual([
      { key: 'a', operator: 'in', values: ['x', 'y'] },
      { key: 'm', operator: 'exists', values: [] },
      { key: 'z', operator: '!=', values: ['1'] },
    ]);
  });

  test('holds an object against all its requirements at once, as many as a request has room for', () => {
    const all = (requirement: (index: number) => string) => parseSelector(Array.from({ length: 12_000 }, (_, index) => requirement(index)).join(','));
    const started = process.cpuUsage();
    const selectors = [all((index) => `!k${index}`), all((index) => `app!=v${index}`), all((index) => `size<${index + 8}`), all(() => 'app')];
    const matching = selectors.map((selector) => Array.from({ length: 10_000 }).every(() => selector.matches({ app: 'web', size: '7' })));
    expect(matching).toEqual([true, true, true, true]);
    // One by one, it would take minutes.
    expect(process.cpuUsage(started).user).toBeLessThan(10_000_000);
  });

  test('does not take inherited properties for labels', () => {
    expect(parseSelector('constructor').matches({})).toBe(false);
    expect(parseSelector('!toString').matches({})).toBe(true);
  });
});

const key = fc.constantFrom('a', 'b', 'in', 'example.com/name');
const value = fc.constantFrom('', 'x', 'y-1', '10', 'in');
const requirement = fc.oneof(
  fc.tuple(key, fc.constantFrom('=', '==', '!='), value).map((parts) => parts.join('')),
  fc.tuple(key, fc.constantFrom('in', 'notin'), fc.uniqueArray(value)).map(([k, op, values]) => `${k} ${op} (${values.sort().join(', ')})`),
  fc.tuple(key, fc.constantFrom('>', '<'), fc.nat(99)).map((parts) => parts.join('')),
  key,
  key.map((k) => `!${k}`),
);
const selectorText = fc.array(requirement, { maxLength: 4 }).map((parts) => parts.join(','));
const labels = fc.dictionary(key, value);

describe('every label selector', () => {
  test('means the same when written and read again', () => {
    fc.assert(fc.property(selectorText, labels, (text, set) => {
      const selector = parseSelector(text);
      const again = parseSelector(selector.toString());
      expect(again.requirements).toEqual(selector.requirements);
      expect(again.matches(set)).toBe(selector.matches(set));
    }));
  });

  test('matches what each of its requirements matches', () => {
    fc.assert(fc.property(selectorText, labels, (text, set) => {
      const selector = parseSelector(text);
      expect(selector.matches(set)).toBe(selector.requirements.every((one) => new Selector([one]).matches(set)));
    }));
  });

  test('and its negation divide all objects', () => {
    fc.assert(fc.property(key, value, labels, (k, v, set) => {
      expect(parseSelector(`${k}=${v}`).matches(set)).not.toBe(parseSelector(`${k}!=${v}`).matches(set));
      expect(parseSelector(`${k} in (${v})`).matches(set)).not.toBe(parseSelector(`${k} notin (${v})`).matches(set));
      expect(parseSelector(k).matches(set)).not.toBe(parseSelector(`!${k}`).matches(set));
    }));
  });

  test('is read or refused with a SelectorSyntaxError, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      try {
        parseSelector(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SelectorSyntaxError);
      }
    }), { numRuns: 1000 });
  });
});
