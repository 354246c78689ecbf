import { ReviewCache } from '../../../src/runtime/server/review-cache';
import { ManualClock } from '../manual-clock';

test('the least recently used answer is forgotten first', async () => {
  const asked: string[] = [];
  const cache = new ReviewCache<string>(new ManualClock(), 2, () => 1000);
  const get = (key: string) => cache.get(key, async () => {
    asked.push(key);
    return key;
  });
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key);
  expect(asked).toEqual(['a', 'b', 'c', 'b']);
});

test('errors are not remembered, and the next one asks', async () => {
  const cache = new ReviewCache<string>(new ManualClock(), 2, () => 1000);
  await expect(cache.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await cache.get('a', () => Promise.resolve('up'))).toBe('up');
});
