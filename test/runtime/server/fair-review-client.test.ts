import { FairReviewClient } from '../../../src/runtime/server/fair-review-client';
import { RetryingReviewClient } from '../../../src/runtime/server/review-client';
import { ManualClock } from '../manual-clock';

const settle = () => new Promise(setImmediate);

let clock: ManualClock;
let reviewed: string[];

beforeEach(() => {
  clock = new ManualClock();
  reviewed = [];
});

/** Reviews are what they are about. */
function clientOf(review: () => Promise<unknown>): FairReviewClient {
  const create = async <T>(_path: string, body: unknown) => {
    reviewed.push(body as string);
    return review() as Promise<T>;
  };
  return new FairReviewClient({ create }, clock);
}

test('a flood of guesses reaches the API server 400 times at once, and 200 times a second from then on', async () => {
  const client = clientOf(async () => 'no');
  const guess = async () => {
    for (;;) await client.create('/reviews', 'guess', { flow: 'mallory' });
  };
  for (let guesser = 0; guesser < 100; guesser++) void guess();
  for (let ms = 0; ms < 1_000; ms += 5) {
    await settle();
    clock.advance(5);
  }
  await settle();
  expect(reviewed).toHaveLength(600);
});

test('somebody else has the next turn meanwhile', async () => {
  const ends: ((answer: unknown) => void)[] = [];
  const client = clientOf(() => new Promise((resolve) => ends.push(resolve)));
  for (let index = 0; index < 100; index++) void client.create('/reviews', 'guess', { flow: 'mallory' });
  void client.create('/reviews', 'known', { flow: 'prometheus' });
  await settle();
  expect(reviewed).toEqual(Array.from({ length: 32 }, () => 'guess'));
  ends.slice(0, 2).forEach((end) => end('no'));
  await settle();
  expect(reviewed.slice(32)).toEqual(['guess', 'known']);
});

test('280 users who ask for one thing each are all reviewed, and so is who comes after them', async () => {
  const ends: ((answer: unknown) => void)[] = [];
  const client = clientOf(() => new Promise((resolve) => ends.push(resolve)));
  const others = Array.from({ length: 280 }, (_, index) => client.create('/reviews', `of ${index}`, { flow: `user-${index}` }));
  const controller = client.create('/reviews', 'of the controller', { flow: 'horizontal-pod-autoscaler' });
  for (let round = 0; round < 281; round++) {
    await settle();
    ends.shift()!('yes');
  }
  expect(await Promise.all([...others, controller])).toHaveLength(281);
});

test('above 100 of one flow that wait, guesses are refused with 429, which is not tried again here', async () => {
  const client = new RetryingReviewClient(clientOf(() => new Promise(() => {})), clock, () => 0);
  const guesses = Array.from({ length: 133 }, () => client.create('/reviews', 'guess', { flow: 'mallory' }));
  guesses.slice(0, -1).forEach((guess) => guess.catch(() => {}));
  await expect(guesses.at(-1)).rejects.toMatchObject({ code: 429 });
});

test('says how many reviews wait and are under way, and of each that is refused', async () => {
  const refused: string[] = [];
  const client = new FairReviewClient({ create: () => new Promise(() => {}) }, clock, () => refused.push('refused'));
  for (let review = 0; review < 32 + 100; review++) void client.create('/reviews', 'guess', { flow: 'mallory' });
  expect([client.load, refused]).toEqual([{ running: 32, waiting: 100 }, []]);
  await expect(client.create('/reviews', 'guess', { flow: 'mallory' })).rejects.toMatchObject({ code: 429 });
  expect([client.load, refused]).toEqual([{ running: 32, waiting: 100 }, ['refused']]);
});
