import { ClientHttp2Session, ClientHttp2Stream, connect as connectHttp2, SecureClientSessionOptions } from 'node:http2';
import { answered, live, newFigures, ready } from './claims';
import { End } from './fault';
import { API, Lab } from './lab';

/** Whatever some clients do. */
export const othersAreServed = [newFigures(), ready, live, answered('to other users', 200, (lab) => lab.asViewer(`${API}/pods`))];

export interface Destroyable {
  destroy(): void;
}

/** So many clients that stay. */
export function many(count: number, connect: () => Destroyable): End {
  const clients = Array.from({ length: count }, connect);
  return () => clients.forEach((client) => client.destroy());
}

/** For what is asked when the fault ends. */
const LAST_ASKING_MS = 10_000;

/** Again and again; what the server does about it is its business. */
export function always(ask: () => Promise<unknown>): End {
  let over = false;
  const asking = (async () => {
    while (!over) {
      await ask().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async () => {
    over = true;
    // Node's own client may wait for ever for a session whose socket is gone.
    await Promise.race([asking, new Promise((resolve) => setTimeout(resolve, LAST_ASKING_MS).unref())]);
  };
}

export function session(lab: Lab, options: SecureClientSessionOptions & { readonly localAddress?: string } = {}): ClientHttp2Session {
  return connectHttp2(`https://127.0.0.1:${lab.port}`, { rejectUnauthorized: false, ...options }).on('error', () => {});
}

/** As a user whom the server knows. */
export function request(lab: Lab, on: ClientHttp2Session, path = `${API}/pods`): ClientHttp2Stream {
  const stream = on.request({ ':path': path, 'authorization': `Bearer ${lab.viewer}` });
  return stream.on('error', () => {});
}
