import { run } from '../../../src/_facts/re2/machine';
import { parsePattern } from '../../../src/_facts/re2/parser';
import { compile } from '../../../src/_facts/re2/program';

/** How much of a text is looked at before it is known that there is no match. */
function readUntilRefused(pattern: string, text: string): number {
  let read = 0;
  const points = new Proxy(Array.from(text, (character) => character.codePointAt(0)!), {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) read = Math.max(read, Number(key) + 1);
      return Reflect.get(target, key, receiver);
    },
  });
  expect(run(compile(parsePattern(pattern).node), points)).toBeUndefined();
  return read;
}

test.each([['^(?s:5..)$', 'a', 1], ['^(?s:5..)$', '50', 3], ['5..$', 'a', 1000]])('%s looks no further than it can match: text of %s', (pattern, piece, read) => {
  expect(readUntilRefused(pattern, piece.repeat(1000 / piece.length))).toBe(read);
});
