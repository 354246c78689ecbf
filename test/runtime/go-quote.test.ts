import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { goQuote } from '../../src/runtime/go-quote';

const recorded: { text: string; quoted: string }[] =
  JSON.parse(readFileSync(join(__dirname, '../golden/pflag-v1.0.10/strconv-quote.json'), 'utf8'));

test.each(recorded.map(({ text, quoted }) => [quoted, text]))('as strconv.Quote writes %s', (quoted, text) => {
  expect(goQuote(text)).toBe(quoted);
});

test('any text stays on one line, without control characters', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    // eslint-disable-next-line no-control-regex
    expect(goQuote(text)).toMatch(/^"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*"$/);
  }));
});

test('texts that differ are quoted differently', () => {
  expect(goQuote('a\nb')).not.toBe(goQuote('a\\nb'));
});
