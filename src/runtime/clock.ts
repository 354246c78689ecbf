/** Ends what was started: a timer, a watch, a listener. Calling it twice is harmless. */
export type Stop = () => void;

/** Time is passed in, never reached for, so that tests need not wait. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Milliseconds that never run backwards, for measuring durations. */
  monotonic(): number;
  /** Calls back once after `delayMs` unless stopped before. */
  after(delayMs: number, callback: () => void): Stop;
}

/** Node.js takes a longer delay, of 25 days and more, for 1 ms. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number) => {
      timer = leftMs > MAX_TIMEOUT_MS ? setTimeout(wait, MAX_TIMEOUT_MS, leftMs - MAX_TIMEOUT_MS) : setTimeout(callback, leftMs);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};

/** A number in [0, 1), as Math.random gives it. */
export type Random = () => number;
