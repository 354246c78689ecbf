import { Clock } from '../clock';

/** Has a deadline wait until then, one wait after the other. */
export type Suspend = (until: Promise<unknown>) => void;

/**
 * Runs with a signal that aborts when `parent` does, or when `timeoutMs` have passed since the start, or those of
 * the last `extend()` since that, then with `timeoutError` as its reason. While what `suspend` was given is pending, no time passes.
 */
export async function withDeadline<T>(
  clock: Clock,
  timeoutMs: number,
  timeoutError: () => Error,
  parent: AbortSignal | undefined,
  run: (signal: AbortSignal, extend: (timeoutMs: number) => void, suspend: Suspend) => Promise<T>,
): Promise<T> {
  parent?.throwIfAborted();
  const controller = new AbortController();
  const follow = () => controller.abort(parent!.reason);
  let endMs: number;
  const start = (ms: number) => {
    endMs = clock.monotonic() + ms;
    return clock.after(ms, () => controller.abort(timeoutError()));
  };
  parent?.addEventListener('abort', follow);
  let stop = start(timeoutMs);
  const extend = (ms: number) => {
    stop();
    stop = start(ms);
  };
  let ended = false;
  const suspend = (until: Promise<unknown>) => {
    stop();
    const leftMs = endMs - clock.monotonic();
    void until.then(() => ended || extend(leftMs));
  };
  try {
    return await run(controller.signal, extend, suspend);
  } finally {
    ended = true;
    stop();
    parent?.removeEventListener('abort', follow);
  }
}

/** The promise's outcome, or the signal's reason if that comes first: then nobody hears of the outcome. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    const settled = () => signal.removeEventListener('abort', abort);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
    promise.finally(settled).then(resolve, reject);
  });
}
