import * as fc from 'fast-check';
import { parseSeriesSelector, SeriesSelectorError } from '../../src/_facts/series-selector';

test.each([
  ['up', {}, true],
  ['up{}', { a: 'b' }, true],
  ['up{a="b"}', { a: 'b' }, true],
  ['up{a="b"}', {}, false],
  ['up{a!="b"}', {}, true],
  ['up{a=""}', {}, true],
  ['up{a=~"b|c",}', { a: 'c' }, true],
  ['up{a=~"b"}', { a: 'bc' }, false],
  ['up{a!~"5.."}', { a: '503' }, false],
  [' up { a = "b" , c = "d" } ', { a: 'b', c: 'd' }, true],
  ['\'my-metric\'{a="b"}', { a: 'b' }, true],
  ['up{a="\\"\\\\\\n"}', { a: '"\\\n' }, true],
])('%s on %j: %s', (selector, labels, matches) => {
  expect(parseSeriesSelector(selector).matches(labels)).toBe(matches);
});

test.each([
  ['', 0, 'there is the end, where a selector has the name of a metric'],
  ['{a="b"}', 0, 'there is "{", where a selector has the name of a metric'],
  ['up{a}', 4, 'there is "}", where a selector has =, !=, =~ or !~'],
  ["up{a='b'}", 5, 'there is "\'", where a selector has a text in double quotes'],
  ['up{a="b" c="d"}', 9, 'there is "c", where a selector has , or }'],
  ['up{a=~"("}', 6, 'the regular expression cannot be used: '],
  ['up[5m]', 2, 'there is "[" behind the selector'],
])('%s is refused at %i', (selector, offset, message) => {
  const parse = () => parseSeriesSelector(selector);
  expect(parse).toThrow(expect.objectContaining({ offset, message: expect.stringContaining(message) }));
});

test('any text is read or refused at a place in it', () => {
  const pieces = fc.array(fc.constantFrom('up', '{', '}', 'a', '=', '!=', '=~', '"b"', '"("', ',', ' ', '\''), { maxLength: 10 });
  fc.assert(fc.property(pieces.map((all) => all.join('')), (text) => {
    try {
      parseSeriesSelector(text).matches({});
    } catch (error) {
      expect(error).toBeInstanceOf(SeriesSelectorError);
      expect((error as SeriesSelectorError).offset).toBeLessThanOrEqual(text.length);
    }
  }), { numRuns: 2000 });
});
