import { Socket, connect } from 'node:net';
import { printable } from './printable';
import { Proxy } from './proxy-environment';

const END_OF_HEAD = '\r\n\r\n';
const MAX_HEAD_BYTES = 16 * 1024;

/**
 * A socket to `hostPort` behind the proxy. `opened` is called once, unless the socket is destroyed before; with an error when there is no way.
 * Before that, nothing may be written to it.
 */
export function openTunnel(proxy: Proxy, hostPort: string, opened: (error?: Error) => void): Socket {
  const { host, port, authorization } = proxy;
  const socket = connect({ host, port });
  let head = '';
  const end = (error?: Error): void => {
    socket.off('data', read).off('error', end).off('close', closed);
    // Who comes after listens for itself; until then an error is no exception.
    socket.on('error', () => {});
    opened(error && Object.assign(new Error(`proxy ${host}:${port}: ${printable(error.message, 200)}`), { code: (error as NodeJS.ErrnoException).code }));
  };
  const closed = (): void => end(new Error('connection closed early'));
  const read = (chunk: Buffer): void => {
    head += chunk.toString('latin1');
    if (head.length > MAX_HEAD_BYTES) return end(new Error('its answer has no end'));
    if (!head.includes(END_OF_HEAD)) return;
    const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(head) ?? [];
    if (status !== '200') return end(new Error(`it answered ${head.split('\r\n', 1)[0]}`));
    // The other side speaks only when it is spoken to.
    end(head.endsWith(END_OF_HEAD) ? undefined : new Error('more than its answer came'));
  };
  const lines = [`CONNECT ${hostPort} HTTP/1.1`, `Host: ${hostPort}`, ...authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`]];
  socket.on('data', read).on('error', end).on('close', closed).on('connect', () => socket.write(`${lines.join('\r\n')}${END_OF_HEAD}`));
  return socket;
}
