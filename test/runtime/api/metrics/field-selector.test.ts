import { node, pod } from './cluster';
import { fieldMatcher } from '../../../../src/runtime/api/metrics/field-selector';
import { parseFieldSelector } from '../../../../src/runtime/server/field-selector';

const web = pod('default', 'web-1');
const matcher = (selector: string) => fieldMatcher(parseFieldSelector(selector));

test.each([
  ['', true],
  [',', true],
  ['metadata.name=web-1', true],
  ['metadata.name==web-1', true],
  ['metadata.name!=web-1', false],
  ['metadata.name=', false],
  ['metadata.name = web-1', undefined],
  ['metadata.namespace=default,metadata.name=web-1', true],
  ['metadata.namespace=default,metadata.name=web-2', false],
  ['metadata.namespace=default,', true],
  ['metadata.name=web-1,metadata.name=web-1', true],
  ['metadata.name=web-1,metadata.name=web-2', false],
  ['metadata.name!=web-2,metadata.name=web-1', true],
  ['metadata.name!=web-2,metadata.name!=web-1', false],
  ['metadata.name!=a\\,b\\=c\\\\', true],
])('%p', (selector, matches) => {
  if (matches === undefined) expect(() => matcher(selector)).toThrow('"metadata.name " is not a known field selector');
  else expect(matcher(selector)(web)).toBe(matches);
});

test('escapes in values are undone', () => {
  expect(matcher('metadata.name=a\\,b\\=c\\\\')(pod('default', 'a,b=c\\'))).toBe(true);
});

test('a node is in no namespace', () => {
  expect(matcher('metadata.namespace=')(node('node-a'))).toBe(true);
  expect(matcher('metadata.namespace!=default')(node('node-a'))).toBe(true);
});

test.each([
  ['bad', "invalid selector: 'bad'; can't understand 'bad'"],
  ['metadata.name=a,bad', "invalid selector: 'metadata.name=a,bad'; can't understand 'bad'"],
  ['spec.nodeName=a', '"spec.nodeName" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ['spec.nodeName=a,metadata.labels=b', '"metadata.labels" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ['constructor=a', '"constructor" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ['metadata.name=a=b', 'invalid field selector: unescaped character in value: 61'],
  ['metadata.name=a\\x', 'invalid field selector: invalid escape sequence: \\x'],
  ['metadata.name=a\\', 'invalid field selector: invalid escape sequence: \\'],
  ['spec.nodeName=a,bad', "invalid selector: 'spec.nodeName=a,bad'; can't understand 'bad'"],
])('%p is refused in the words of kube-apiserver', (selector, message) => {
  expect(() => matcher(selector)).toThrow(expect.objectContaining({ message }) as Error);
});
