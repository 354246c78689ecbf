import { QueryAnswer } from './samples';
import { abortable } from '../cluster/deadline';

interface InFlight {
  readonly answer: Promise<QueryAnswer>;
  readonly controller: AbortController;
  waiting: number;
}

/** Whoever asks the same while an answer is on its way gets that answer. It is given up when nobody waits any longer. */
export class SharedQueries {
  private readonly inFlight = new Map<string, InFlight>();

  async run(key: string, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<QueryAnswer>): Promise<QueryAnswer> {
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

  private start(key: string, ask: (signal: AbortSignal) => Promise<QueryAnswer>): InFlight {
    const controller = new AbortController();
    const shared: InFlight = { answer: ask(controller.signal), controller, waiting: 0 };
    this.inFlight.set(key, shared);
    // Those who come later ask anew; that nobody may be left to hear of a failure is no defect.
    shared.answer.catch(() => {}).finally(() => this.forget(key, shared));
    return shared;
  }

  private forget(key: string, shared: InFlight): void {
    if (this.inFlight.get(key) === shared) this.inFlight.delete(key);
  }
}
