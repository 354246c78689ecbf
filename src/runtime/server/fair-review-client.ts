import { Clock } from '../clock';
import { FairQueue, QueueLoad } from './fair-queue';
import { ReviewClient, ReviewOptions } from './review-client';
import { StatusError } from './status';

/**
 * The rate is client-go's for k8s.io/apiserver. Who waits begins within two seconds; a flow takes at most a quarter of what `--max-requests-inflight`
 * allows by default, and all together leave some of it to whom nothing has to be asked.
 */
const LIMITS = { atOnce: 32, rate: { perSecond: 200, burst: 400 }, waiting: 350, waitingOfOne: 100 };

function tooManyWait(): StatusError {
  return StatusError.tooManyRequests('too many requests of this client or user wait for a review by the API server, please try again later');
}

/** Keeps a flood of unknown tokens or users from the API server, and from those that have others reviewed at the time: they take turns. */
export class FairReviewClient implements ReviewClient {
  private readonly queue: FairQueue;

  constructor(private readonly client: ReviewClient, clock: Clock, private readonly onRefused: () => void = () => {}) {
    this.queue = new FairQueue(clock, LIMITS);
  }

  get load(): QueueLoad {
    return this.queue.load;
  }

  create<T>(path: string, body: unknown, options: ReviewOptions = {}): Promise<T> {
    const { flow = '', signal } = options;
    const refusal = () => {
      this.onRefused();
      return tooManyWait();
    };
    return this.queue.run(flow, () => this.client.create<T>(path, body, options), refusal, signal);
  }
}
