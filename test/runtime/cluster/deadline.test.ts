import { getEventListeners } from 'events';
import { abortable, withDeadline } from '../../../src/runtime/cluster/deadline';
import { ManualClock } from '../manual-clock';

const forever = (signal: AbortSignal) => abortable(new Promise<never>(() => {}), signal);
const late = () => new Error('late');

describe('a promise that somebody waits for', () => {
  test('is given up when the signal says so', async () => {
    const controller = new AbortController();
    const outcome = forever(controller.signal);
    controller.abort(new Error('enough'));
    await expect(outcome).rejects.toThrow('enough');
  });

  test('may fail when nobody waited for it in the first place: an unhandled rejection would end the process', async () => {
    let fail!: (error: Error) => void;
    const begun = new Promise<never>((_, reject) => { fail = reject; });
    await expect(abortable(begun, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    fail(new Error('too late'));
    await new Promise(setImmediate);
  });
});

describe('a deadline', () => {
  test('ends what takes too long', async () => {
    const clock = new ManualClock();
    const outcome = withDeadline(clock, 100, late, undefined, forever);
    clock.advance(100);
    await expect(outcome).rejects.toThrow('late');
  });

  test('moves on with each extension', async () => {
    const clock = new ManualClock();
    const outcome = withDeadline(clock, 100, late, undefined, async (signal, extend) => {
      clock.advance(99);
      extend(100);
      clock.advance(99);
      return signal.aborted;
    });
    expect(await outcome).toBe(false);
  });

  test('stands still while it is suspended, then has what was left', async () => {
    const clock = new ManualClock();
    let goOn = () => {};
    const outcome = withDeadline(clock, 100, late, undefined, async (signal, _, suspend) => {
      clock.advance(40);
      const turn = new Promise<void>((resolve) => { goOn = resolve; });
      suspend(turn);
      clock.advance(1000);
      expect([signal.aborted, clock.pending]).toEqual([false, 0]);
      goOn();
      await turn;
      return forever(signal);
    });
    while (clock.pending === 0) await Promise.resolve();
    expect(clock.nextInMs).toBe(60);
    clock.advance(60);
    await expect(outcome).rejects.toThrow('late');
  });

  test('that ends while it is suspended does not begin again', async () => {
    const clock = new ManualClock();
    let goOn = () => {};
    await withDeadline(clock, 100, late, undefined, async (_signal, _, suspend) => suspend(new Promise<void>((resolve) => { goOn = resolve; })));
    goOn();
    await new Promise(setImmediate);
    expect(clock.pending).toBe(0);
  });

  test('ends when its caller gives up, also before it began', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const outcome = withDeadline(clock, 100, late, controller.signal, forever);
    controller.abort(new Error('enough'));
    await expect(outcome).rejects.toThrow('enough');
    await expect(withDeadline(clock, 100, late, controller.signal, async () => 'ran')).rejects.toThrow('enough');
  });

  test('leaves neither timer nor listener behind', async () => {
    const clock = new ManualClock();
    const { signal } = new AbortController();
    await withDeadline(clock, 100, late, signal, (inner) => abortable(Promise.resolve(getEventListeners(signal, 'abort').length), inner));
    expect(clock.pending).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
