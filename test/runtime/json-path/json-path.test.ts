import * as fc from 'fast-check';
import { JsonPath, JsonPathSyntaxError } from '../../../src/runtime/json-path/json-path';

const DEPLOYMENT = {
  metadata: { name: 'web', annotations: { 'example.com/depth': '3' } },
  status: {
    replicas: 3,
    conditions: [{ type: 'Progressing', status: 'False', age: 1 }, { type: 'Available', status: 'True', age: 2 }],
  },
};

test.each([
  ['{.status.replicas}', [3]],
  ['.status.replicas', [3]],
  ['$.status.replicas', [3]],
  ['{$.status.replicas}', [3]],
  [' { .status.replicas } ', [3]],
  ["{['status']['replicas']}", [3]],
  ['{.status.conditions[0].type}', ['Progressing']],
  ['{.status.conditions[-1].type}', ['Available']],
  ['{.status.conditions[2].type}', []],
  ['{.status.conditions[*].age}', [1, 2]],
  ['{.status.conditions.*.age}', [1, 2]],
  ['{.status.conditions[?(@.type=="Available")].status}', ['True']],
  ["{.status.conditions[?( @.type != 'Available' )].status}", ['False']],
  ['{.status.conditions[?(@.age==2)].type}', ['Available']],
  ['{.metadata.annotations.example\\.com/depth}', ['3']],
  ['{.metadata.annotations["example.com/depth"]}', ['3']],
  ['{.status.readyReplicas}', []],
  ['{.metadata.name.length}', []],
  ['{.constructor}', []],
  ['{.}', [DEPLOYMENT]],
  ['{$}', [DEPLOYMENT]],
  ['.', [DEPLOYMENT]],
])('%s finds %j', (path, values) => {
  expect(new JsonPath(path).find(DEPLOYMENT)).toEqual(values);
});

test.each([
  ['status', 0, 'there is "s", where a path has a path, such as {.status.replicas}'],
  ['', 0, 'there is the end, where a path has a path, such as {.status.replicas}'],
  ['{.a', 3, 'there is the end, where a path has . or [ or }'],
  ['{}', 1, 'there is "}", where a path has a path, such as {.status.replicas}'],
  ['{.a}{.b}', 4, 'there is "{", where a path has nothing behind }: there is one expression'],
  ['{..a}', 2, 'there is ".", where a path has the name of a field'],
  ['{.a[0:2]}', 5, 'there is ":", where a path has ]: there are no slices nor unions'],
  ['{.a[0,1]}', 5, 'there is ",", where a path has ]: there are no slices nor unions'],
  ['{.a[b]}', 4, 'there is "b", where a path has a number, *, a name in quotes, or ?(@.field=="value")'],
  ['{.a[?(@.b>1)]}', 9, 'there is ">", where a path has == or !='],
  ['{.a[?(@.b==c)]}', 11, 'there is "c", where a path has a text in quotes, a number, true or false'],
  ['{range .items[*]}', 1, 'there is "r", where a path has a path, such as {.status.replicas}'],
])('%s is refused at %i', (path, offset, message) => {
  expect(() => new JsonPath(path)).toThrow(expect.objectContaining({ offset, message }));
});

test('any name in quotes is found, whatever characters it has', () => {
  fc.assert(fc.property(fc.string(), fc.jsonValue(), (name, value) => {
    expect(new JsonPath(`{['${name.replace(/[\\']/g, '\\$&')}']}`).find(Object.fromEntries([[name, value]]))).toEqual([value]);
  }));
});

test('any text is read or refused at a place in it', () => {
  const pieces = fc.array(fc.constantFrom('{', '}', '.', '[', ']', '*', '?(', ')', '@', '==', "'a'", 'a', '0', '$', ' ', '\\', '"'), { maxLength: 12 });
  fc.assert(fc.property(pieces.map((all) => all.join('')), fc.jsonValue(), (text, document) => {
    try {
      expect(Array.isArray(new JsonPath(text).find(document))).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(JsonPathSyntaxError);
      expect((error as JsonPathSyntaxError).offset).toBeLessThanOrEqual(text.length);
    }
  }), { numRuns: 2000 });
});

test('what a path finds has bounds', () => {
  const ten = Array.from({ length: 10 }, () => 0);
  const nested = Array.from({ length: 10 }, () => Array.from({ length: 11 }, () => Array.from({ length: 10 }, () => ten)));
  expect(() => new JsonPath('{[*][*][*][*]}').find(nested)).toThrow('it has more than 10000 values for the path');
});
