import { ClientRequest, IncomingMessage } from 'http';

/**
 * Sends a request, on a kept-alive connection if there is one: when the server closed that just as it was taken, once more. So `open` makes a
 * request each time it is called.
 *
 * @param mayRepeat whether it has no effect that twice would matter
 */
export function sendRequest(open: () => ClientRequest, payload: string | Buffer | undefined, mayRepeat: boolean): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = open();
    request.on('response', resolve);
    request.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = request.reusedSocket && error.code === 'ECONNRESET';
      if (isStale && mayRepeat) resolve(sendRequest(open, payload, mayRepeat));
      else reject(error);
    });
    request.end(payload);
  });
}
