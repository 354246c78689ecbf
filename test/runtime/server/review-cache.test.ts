import { ReviewCache } from '../../../src/runtime/server/review-cache';
import { ManualClock } from '../manual-clock';

const cacheOf = (maxGrants: number) => new ReviewCache<string>(new ManualClock(), maxGrants, { isGrant: (answer) => answer !== 'no', ttlMs: () => 1000 });

test('the least recently used answer is forgotten first', async () => {
  const asked: string[] = [];
  const cache = cacheOf(2);
  const get = (key: string) => cache.get(key, async () => {
    asked.push(key);
    return key;
  });
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key);
  expect(asked).toEqual(['a', 'b', 'c', 'b']);
});

test('refusals take no place from grants, and are no more than 1,024', async () => {
  const cache = cacheOf(1);
  expect(await cache.get('token', async () => 'yes')).toBe('yes');
  for (let guess = 0; guess <= 1024; guess++) await cache.get(`guess-${guess}`, async () => 'no');
  expect(await cache.get('token', async () => 'asked again')).toBe('yes');
  expect(await cache.get('guess-1', async () => 'asked again')).toBe('no');
  expect(await cache.get('guess-0', async () => 'asked again')).toBe('asked again');
});

test('errors are not remembered, and the next one asks', async () => {
  const cache = cacheOf(2);
  await expect(cache.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await cache.get('a', () => Promise.resolve('up'))).toBe('up');
});

test('what is being asked for is asked for once, by each who has others ask', async () => {
  const cache = cacheOf(2);
  const asked: string[] = [];
  const get = (flow: string) => cache.get('token', async () => {
    asked.push(flow);
    if (flow === 'flooding') throw new Error('too many wait');
    return 'yes';
  }, flow);
  const flooding = [get('flooding'), get('flooding')];
  const others = [get('other'), get('other')];
  for (const one of flooding) await expect(one).rejects.toThrow('too many wait');
  expect(await Promise.all(others)).toEqual(['yes', 'yes']);
  expect(asked).toEqual(['flooding', 'other']);
  expect(await get('flooding')).toBe('yes');
});
