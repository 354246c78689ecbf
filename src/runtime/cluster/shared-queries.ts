import { abortable } from './deadline';

interface InFlight<T> {
  readonly answer: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Whoever asks the same while an answer is on its way gets that answer. It is given up when nobody waits any longer. */
export class SharedQueries<T> {
  private readonly inFlight = new Map<string, InFlight<T>>();

  async run(key: string, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const shared = this.inFlight.get(key) ?? this.start(key, ask);
    shared.waiting++;
    try {
      return await abortable(shared.answer, signal);
    } finally {
      if (--shared.waiting === 0) {
        this.forget(key, shared);
        shared.controller.abort();
      }
    }
  }

  private start(key: string, ask: (signal: AbortSignal) => Promise<T>): InFlight<T> {
    const controller = new AbortController();
    const shared: InFlight<T> = { answer: ask(controller.signal), controller, waiting: 0 };
    this.inFlight.set(key, shared);
    // Those who come later ask anew; that nobody may be left to hear of a failure is no defect.
    shared.answer.catch(() => {}).finally(() => this.forget(key, shared));
    return shared;
  }

  private forget(key: string, shared: InFlight<T>): void {
    if (this.inFlight.get(key) === shared) this.inFlight.delete(key);
  }
}
