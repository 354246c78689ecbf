import * as http from 'http';
import { AddressInfo } from 'net';
import { sendRequest } from '../../../src/runtime/cluster/send-request';

describe('a request', () => {
  const agent = new http.Agent({ keepAlive: true });
  let server: http.Server;
  let bodies: string[];
  /** Of requests to come, how many find their connection closed. */
  let resets: number;

  beforeEach(async () => {
    bodies = [];
    resets = 0;
    server = http.createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      if (resets-- > 0) request.socket.resetAndDestroy();
      else response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    agent.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const { signal } = new AbortController();
  const open = () => http.request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, method: 'POST', agent, signal });

  async function send(payload: string, mayRepeat: boolean): Promise<number> {
    const response = await sendRequest(open, payload, mayRepeat);
    response.resume();
    await new Promise((resolve) => response.once('close', resolve));
    // The connection is free a moment later.
    await new Promise(setImmediate);
    return response.statusCode!;
  }

  test('on a kept-alive connection that the server has closed is sent once more, with all that it says', async () => {
    await send('first', true);
    resets = 1;
    expect(await send('second', true)).toBe(200);
    expect(bodies).toEqual(['first', 'second', 'second']);
  });

  test('that must not come twice fails by that', async () => {
    await send('first', false);
    resets = 1;
    await expect(send('second', false)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bodies).toEqual(['first', 'second']);
  });

  test('on a new connection is sent once, whatever becomes of it', async () => {
    resets = 1;
    await expect(send('first', true)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bodies).toEqual(['first']);
  });
});
