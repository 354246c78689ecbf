/** Preloaded into the program: its time goes on as ever, and is ahead by as much as the parent process says. */
const real = { now: Date.now.bind(Date), monotonic: performance.now.bind(performance) };
const startTimer = setTimeout;
const stopTimer = clearTimeout;
const waiting = new Set();
let aheadMs = 0;

Date.now = () => real.now() + aheadMs;
performance.now = () => real.monotonic() + aheadMs;

globalThis.setTimeout = (callback, delayMs = 0) => {
  const waiter = { dueMs: performance.now() + delayMs, timer: undefined };
  waiter.ring = () => {
    waiting.delete(waiter);
    callback();
  };
  waiter.timer = startTimer(waiter.ring, delayMs);
  waiting.add(waiter);
  return waiter;
};

globalThis.clearTimeout = (waiter) => {
  if (!waiting.delete(waiter)) return;
  stopTimer(waiter.timer);
};

process.on('message', ({ byMs, timersToo }) => {
  aheadMs += byMs;
  if (timersToo) {
    for (const waiter of [...waiting].sort((a, b) => a.dueMs - b.dueMs)) {
      stopTimer(waiter.timer);
      waiter.timer = startTimer(waiter.ring, Math.max(0, waiter.dueMs - performance.now()));
    }
  }
  process.send('ahead');
});
process.channel.unref();
