import * as fc from 'fast-check';
import { exactName, parseFieldSelector } from '../../../src/runtime/server/field-selector';

test.each([
  ['', []],
  ['a=b', [{ field: 'a', operator: '=', value: 'b' }]],
  ['a==b,c!=d', [{ field: 'a', operator: '=', value: 'b' }, { field: 'c', operator: '!=', value: 'd' }]],
  [',a=,', [{ field: 'a', operator: '=', value: '' }]],
  ['a=b\\,c\\=d\\\\', [{ field: 'a', operator: '=', value: 'b,c=d\\' }]],
])('%j', (text, requirements) => {
  expect(parseFieldSelector(text)).toEqual(requirements);
});

test('what cannot be read is told as Kubernetes does', () => {
  expect(() => parseFieldSelector('bad')).toThrow('invalid selector: \'bad\'; can\'t understand \'bad\'');
  expect(() => parseFieldSelector('a=\\x')).toThrow('invalid escape sequence');
});

test('any value survives being escaped', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (first, second) => {
    const escaped = (value: string) => value.replace(/[\\,=]/g, '\\$&');
    expect(parseFieldSelector(`a=${escaped(first)},b!=${escaped(second)}`).map(({ value }) => value)).toEqual([first, second]);
  }));
});

test.each([['metadata.name=a', 'a'], ['x=y,metadata.name==a', 'a'], ['metadata.name!=a', undefined], ['metadata.name=a/b', undefined], ['', undefined]])(
  'the one name of %j is %j', (text, name) => {
    expect(exactName(parseFieldSelector(text))).toBe(name);
  },
);
