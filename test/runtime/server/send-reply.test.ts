import { createServer, get, Server, ServerResponse } from 'http';
import { connect as connectHttp2, createSecureServer } from 'http2';
import { AddressInfo } from 'net';
import { Writable } from 'stream';
import { gunzipSync } from 'zlib';
import { AnswerRoom } from '../../../src/runtime/server/answer-room';
import { PIECE_BYTES } from '../../../src/runtime/server/encoding/pieces';
import { sendReply } from '../../../src/runtime/server/send-reply';
import { createCertificateAuthority, issueCertificate } from '../../simulated-cluster/pki';
import { ManualClock } from '../manual-clock';

const PIECES = 40;

let server: Server;

/** Pieces that are all written to the same place, as those of long lists are: `aaa…`, `bbb…`. */
function* reused(): Generator<Uint8Array | string> {
  yield 'begin ';
  const bytes = Buffer.alloc(PIECE_BYTES);
  for (let i = 0; i < PIECES; i++) yield bytes.fill(0x30 + i);
  bytes.fill('?');
  yield ' end';
}

const expected = Buffer.concat([
  Buffer.from('begin '), ...Array.from({ length: PIECES }, (_, i) => Buffer.alloc(PIECE_BYTES, 0x30 + i)), Buffer.from(' end'),
]);

beforeAll(async () => {
  server = createServer((request, response) => void sendReply(response, { status: 200, headers: {}, body: reused() }, {
    acceptsGzip: request.headers['accept-encoding'] === 'gzip', withoutBody: false, signal: new AbortController().signal,
  }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => server.close());

function read(headers: Record<string, string>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false, headers }, (response) => {
      const parts: Buffer[] = [];
      // A slow reader: pieces wait on their way.
      response.pause();
      setImmediate(() => response.resume());
      response.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts))).on('error', reject);
    }).on('error', reject);
  });
}

test('a piece is on its way before the next is written to its place', async () => {
  expect((await read({})).equals(expected)).toBe(true);
});

test('and so it is when it is compressed', async () => {
  expect(gunzipSync(await read({ 'accept-encoding': 'gzip' })).equals(expected)).toBe(true);
});

test('over HTTP/2 too, to a slow reader with a small window', async () => {
  const ca = await createCertificateAuthority('ca');
  const { certificate: cert, key } = await issueCertificate(ca, { commonName: 'server', ipAddresses: ['127.0.0.1'], usages: ['server'] });
  const secure = createSecureServer({ cert, key }, (_, response) => {
    const options = { acceptsGzip: false, withoutBody: false, signal: new AbortController().signal };
    void sendReply(response as unknown as ServerResponse, { status: 200, headers: {}, body: reused() }, options);
  });
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
  const session = connectHttp2(url, { rejectUnauthorized: false, settings: { initialWindowSize: 20_000 } });
  try {
    const parts: Buffer[] = [];
    const stream = session.request({ ':path': '/' });
    for await (const part of stream) {
      parts.push(part);
      await new Promise(setImmediate);
    }
    expect(Buffer.concat(parts).equals(expected)).toBe(true);
  } finally {
    session.destroy();
    secure.close();
  }
});

/** To a client that is told by `onWrite` of each write, and says when it has taken it. */
function responseTo(onWrite: (taken: () => void) => void): ServerResponse {
  const sink = new Writable({ highWaterMark: 1, write: (_piece, _encoding, taken) => onWrite(taken) });
  return Object.assign(sink, { writeHead: () => {} }) as unknown as ServerResponse;
}

test('a body that is sent whole is held while it is compressed, and then what came of it', async () => {
  const room = new AnswerRoom(new ManualClock(), Infinity, () => {});
  const body = 'x'.repeat(1024 * 1024);
  const sent = sendReply(responseTo(() => {}), { status: 200, headers: {}, body }, {
    acceptsGzip: true, withoutBody: false, room, signal: new AbortController().signal,
  });
  expect(room.unreadBytes).toBe(body.length);
  await sent;
  expect(room.unreadBytes).toBeGreaterThan(0);
  expect(room.unreadBytes).toBeLessThan(body.length / 2);
});

test('of what is made already, what the client has taken is not held', async () => {
  const room = new AnswerRoom(new ManualClock(), Infinity, () => {});
  const takes: (() => void)[] = [];
  const response = responseTo((taken) => takes.push(taken));
  const body = Array.from({ length: 5 }, () => new Uint8Array(PIECE_BYTES));
  const sent = sendReply(response, { status: 200, headers: {}, body }, {
    acceptsGzip: false, withoutBody: false, room, signal: new AbortController().signal,
  });
  const unread: [inRoom: number, inMemory: number][] = [];
  while (unread.length < 5) {
    while (takes.length === 0) await new Promise(setImmediate);
    unread.push([room.unreadBytes / PIECE_BYTES, body.length]);
    takes.shift()!();
  }
  await sent;
  // The one that is on its way is no more among those that are left.
  expect(unread).toEqual([[5, 4], [4, 3], [3, 2], [2, 1], [1, 0]]);
  expect(room.unreadBytes).toBe(0);
});
