import { connect } from 'node:tls';
import { createTestPki, TestServer } from './test-server';

/* What Node.js' HTTP parser decides before a request is seen: rows of docs/api.md. */

let server: TestServer;

beforeAll(async () => { server = await TestServer.start(await createTestPki()); });
afterAll(() => server.stop());

/** The whole answer to what is sent as it stands. */
function answerTo(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }, () => socket.write(text));
    socket.setEncoding('utf8').on('data', (more) => { answer += String(more); }).on('end', () => resolve(answer)).on('error', reject);
  });
}

const REFUSED = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

test.each([
  ['a method that it does not know', 'FROBNICATE /livez HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['lines that end in LF alone', 'GET /livez HTTP/1.1\nHost: a\n\n'],
  ['a header that ends in LF alone', 'GET /livez HTTP/1.1\r\nHost: a\nX-Other: b\r\n\r\n'],
  ['a folded header', 'GET /livez HTTP/1.1\r\nHost: a\r\nX-Other: b\r\n c\r\n\r\n'],
])('%s is refused with 400 and no body', async (_, text) => {
  expect(await answerTo(text)).toBe(REFUSED);
});

test('of two Host headers none is refused', async () => {
  expect(await answerTo('GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok$/);
});
