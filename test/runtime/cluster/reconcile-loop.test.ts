import { RecordingLogger } from './fixtures';
import { ApiError } from '../../../src/runtime/cluster/api-error';
import { ReconcileLoop } from '../../../src/runtime/cluster/reconcile-loop';
import { ManualClock } from '../manual-clock';

/** A loop whose attempts end as the test says. */
class Attempts {
  count = 0;
  readonly clock = new ManualClock();
  readonly logger = new RecordingLogger();
  readonly loop = new ReconcileLoop({
    what: 'the thing',
    reconcile: () => {
      this.count++;
      return new Promise((resolve, reject) => { this.settle = { resolve, reject }; });
    },
    clock: this.clock,
    random: () => 0,
    logger: this.logger,
  });
  private settle!: { resolve(): void; reject(error: Error): void };

  async succeed(): Promise<void> {
    this.settle.resolve();
    await new Promise(setImmediate);
  }

  async fail(error: Error): Promise<void> {
    this.settle.reject(error);
    await new Promise(setImmediate);
  }
}

let attempts: Attempts;
let { clock, logger, loop } = {} as Attempts;

beforeEach(() => {
  attempts = new Attempts();
  ({ clock, logger, loop } = attempts);
});

test('makes one attempt at a time, and one more for all that happened meanwhile', async () => {
  loop.trigger();
  loop.trigger();
  loop.trigger();
  expect(attempts.count).toBe(1);
  await attempts.succeed();
  expect(attempts.count).toBe(2);
  await attempts.succeed();
  expect(attempts.count).toBe(2);
  expect(logger.lines).toEqual([]);
});

test('tries again with delays that grow up to half a minute, and start small after a success', async () => {
  loop.trigger();
  const delays: number[] = [];
  for (let i = 0; i < 8; i++) {
    await attempts.fail(new Error('no'));
    delays.push(clock.nextInMs!);
    clock.advance(clock.nextInMs!);
  }
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  await attempts.succeed();
  expect(clock.pending).toBe(0);
  loop.trigger();
  await attempts.fail(new Error('no'));
  expect(clock.nextInMs).toBe(500);
});

test('does not wait when something happened', async () => {
  loop.trigger();
  await attempts.fail(new Error('no'));
  loop.trigger();
  expect(attempts.count).toBe(2);
  expect(clock.pending).toBe(0);
});

test('logs a failure once until its reason changes, and its end', async () => {
  loop.trigger();
  for (const reason of ['no', 'no', 'never', 'never']) {
    await attempts.fail(new Error(reason));
    clock.advance(30_000);
  }
  expect(loop.failure).toBe('never');
  await attempts.succeed();
  expect(loop.failure).toBeUndefined();
  expect(logger.lines).toEqual([
    'W the thing: will be tried again reason=no',
    'W the thing: will be tried again reason=never',
    'I the thing: done after earlier failures',
  ]);
});

test('takes it as no failure that somebody else wrote first', async () => {
  loop.trigger();
  await attempts.fail(new ApiError({ code: 409, reason: 'Conflict', message: 'the object has been modified' }, 409));
  clock.advance(500);
  await attempts.succeed();
  expect(attempts.count).toBe(2);
  expect(logger.lines).toEqual([]);
});

test('ends with an attempt under way: nothing is logged or tried any more', async () => {
  loop.trigger();
  loop.stop();
  await attempts.fail(new Error('aborted'));
  loop.trigger();
  expect(attempts.count).toBe(1);
  expect(clock.pending).toBe(0);
  expect(logger.lines).toEqual([]);
});
