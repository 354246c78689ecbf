import { ServerResponse } from 'node:http';
import { writeJson } from './http-body';
import { StatusError } from './status';

/** What goes wrong with the API server; with a pattern, only for paths that match it. */
export type ApiServerFault =
  /** Nothing listens. */
  | { readonly kind: 'refuse' }
  /** Requests are taken and never answered. */
  | { readonly kind: 'hang'; readonly path?: RegExp }
  /** Answers come late. */
  | { readonly kind: 'slow'; readonly delayMs: number; readonly path?: RegExp }
  | { readonly kind: 'status'; readonly code: number; readonly retryAfterSeconds?: number; readonly path?: RegExp };

/** Whether the request is to be answered as usual, which may take a while to be known. */
export async function isSpared(fault: ApiServerFault | undefined, path: string, response: ServerResponse): Promise<boolean> {
  if (!fault || fault.kind === 'refuse' || fault.path && !fault.path.test(path)) return true;
  switch (fault.kind) {
    case 'hang': return false;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      return true;
    case 'status': {
      const { code, retryAfterSeconds } = fault;
      if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
      writeJson(response, code, new StatusError(code, code === 429 ? 'TooManyRequests' : 'InternalError', 'simulated failure').toStatus());
      return false;
    }
  }
}
