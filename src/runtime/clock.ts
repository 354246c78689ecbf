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

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A number in [0, 1), as Math.random gives it. */
export type Random = () => number;
