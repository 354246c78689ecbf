import { BoundedCache } from '../../src/runtime/bounded-cache';

let made: string[];
let cache: BoundedCache<string>;

const ask = (...keys: string[]) => keys.map((key) => cache.getOrMake(key, () => {
  made.push(key);
  return key.toUpperCase();
}));

beforeEach(() => {
  made = [];
  cache = new BoundedCache(2);
});

test('what is remembered is not made again, however full the cache is', () => {
  expect(ask('a', 'b', 'a', 'b', 'a')).toEqual(['A', 'B', 'A', 'B', 'A']);
  expect(made).toEqual(['a', 'b']);
});

test('it begins anew when there is one more', () => {
  ask('a', 'b', 'c', 'c', 'a');
  expect(made).toEqual(['a', 'b', 'c', 'a']);
});

test('a failure is not remembered', () => {
  expect(() => cache.getOrMake('a', () => { throw new Error('broken'); })).toThrow('broken');
  expect(ask('a')).toEqual(['A']);
});
