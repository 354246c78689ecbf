import { ScrapeFailureReason } from './outcome';

/** An answer that is not HTTP/1.1, or more of it than is accepted. */
export class HttpResponseError extends Error {
  override readonly name = 'HttpResponseError';

  constructor(readonly reason: Extract<ScrapeFailureReason, 'protocol' | 'too-large'>, message: string) {
    super(message);
  }
}

/** What is wrong, and where. */
export function protocol(what: string, found: string): HttpResponseError {
  return new HttpResponseError('protocol', `${what}: ${JSON.stringify(found.slice(0, 80)).replace(/[\x7f-\xff]/g, '?')}`);
}
