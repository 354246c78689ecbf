import { RetryingReviewClient } from '../../../src/runtime/server/review-client';
import { ManualClock } from '../manual-clock';

const overloaded = Object.assign(new Error('overloaded'), { code: 429 });
const broken = Object.assign(new Error('broken'), { code: 500 });
const forbidden = Object.assign(new Error('forbidden'), { code: 403 });
const unreachable = Object.assign(new Error('unreachable'), { code: 'ECONNREFUSED' });

let clock: ManualClock;
let paths: string[];

function client(answers: readonly unknown[]): RetryingReviewClient {
  const left = [...answers];
  const create = async <T>(path: string): Promise<T> => {
    paths.push(path);
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return answer as T;
  };
  return new RetryingReviewClient({ create }, clock, () => 0.5);
}

/** Lets promises settle between the ticks of the clock. */
async function advance(ms: number): Promise<void> {
  for (let elapsedMs = 0; elapsedMs < ms; elapsedMs += 50) {
    await new Promise(setImmediate);
    clock.advance(50);
  }
  await new Promise(setImmediate);
}

beforeEach(() => {
  clock = new ManualClock();
  paths = [];
});

test('asks with a timeout', async () => {
  expect(await client(['yes']).create('/reviews', {})).toBe('yes');
  expect(paths).toEqual(['/reviews?timeout=10s']);
  expect(clock.pending).toBe(0);
});

test.each([overloaded, broken, unreachable])('asks again: %s', async (error) => {
  const answer = client([error, 'yes']).create('/reviews', {});
  await advance(500);
  expect(paths).toHaveLength(1);
  await advance(100);
  expect(await answer).toBe('yes');
});

test('waits longer each time and gives up after five', async () => {
  const answer = client(Array.from({ length: 9 }, () => broken)).create('/reviews', {});
  const settled = expect(answer).rejects.toBe(broken);
  // 550 + 825 + 1237.5 + 1856.25 ms
  await advance(4400);
  expect(paths).toHaveLength(4);
  await advance(150);
  await settled;
  expect(paths).toHaveLength(5);
});

test('does not ask again what was answered', async () => {
  await expect(client([forbidden, 'yes']).create('/reviews', {})).rejects.toBe(forbidden);
});

test('a hanging API server is given up after ten seconds', async () => {
  const hanging = new RetryingReviewClient({ create: () => new Promise(() => {}) }, clock, Math.random);
  const settled = expect(hanging.create('/reviews', {})).rejects.toMatchObject({ reason: 'timeout', message: 'no answer within 10s' });
  await advance(10_000);
  await settled;
});

test('stops waiting when told to', async () => {
  const stop = new AbortController();
  const answer = client([broken, 'yes']).create('/reviews', {}, { signal: stop.signal });
  const settled = expect(answer).rejects.toThrow('stopped');
  await advance(100);
  stop.abort(new Error('stopped'));
  await settled;
  expect(clock.pending).toBe(0);
});
