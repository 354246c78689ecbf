import { Clock } from '../clock';

/**
 * Runs with a signal that aborts when `parent` does, or when `timeoutMs` have passed since the start, or those of
 * the last `extend()` since that, then with `timeoutError` as its reason.
 */
export async function withDeadline<T>(
  clock: Clock,
  timeoutMs: number,
  timeoutError: () => Error,
  parent: AbortSignal | undefined,
  run: (signal: AbortSignal, extend: (timeoutMs: number) => void) => Promise<T>,
): Promise<T> {
  parent?.throwIfAborted();
  const controller = new AbortController();
  const follow = () => controller.abort(parent!.reason);
  const start = (ms: number) => clock.after(ms, () => controller.abort(timeoutError()));
  parent?.addEventListener('abort', follow);
  let stop = start(timeoutMs);
  const extend = (ms: number) => {
    stop();
    stop = start(ms);
  };
  try {
    return await run(controller.signal, extend);
  } finally {
    stop();
    parent?.removeEventListener('abort', follow);
  }
}

/** The promise's outcome, or the signal's reason if that comes first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    const settled = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort);
    promise.finally(settled).then(resolve, reject);
  });
}
