import { ClientHttp2Session, connect } from 'node:http2';
import { createTestPki, TestServer } from './test-server';

let server: TestServer;

afterEach(() => server.stop());

function ask(session: ClientHttp2Session): Promise<unknown> {
  return new Promise((resolve, reject) => session.request({ ':path': '/livez' })
    .on('error', reject).on('response', (headers) => resolve(headers[':status'])).resume());
}

test('a client of HTTP/2 is sent elsewhere with the answer to its request, when chance has it', async () => {
  const chances = [false, true];
  server = await TestServer.start(await createTestPki(), { sendsGoaway: () => chances.shift()! });
  const session = connect(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false });
  const told = new Promise((resolve) => session.once('goaway', resolve));
  const gone = new Promise((resolve) => session.once('close', resolve));
  expect(await ask(session)).toBe(200);
  expect(session.closed).toBe(false);
  expect(await ask(session)).toBe(200);
  expect(await told).toBe(0);
  await gone;
});

test('a client of HTTP/1.1 is not', async () => {
  server = await TestServer.start(await createTestPki(), { sendsGoaway: () => true });
  const { status, headers } = await server.ask('/livez', { headers: { connection: 'keep-alive' } });
  expect({ status, connection: headers.connection }).toEqual({ status: 200, connection: 'keep-alive' });
});
