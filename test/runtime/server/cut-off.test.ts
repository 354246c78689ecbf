import { once } from 'node:events';
import { ClientHttp2Session, ClientHttp2Stream, connect as connectHttp2, constants } from 'node:http2';
import { createTestPki, TestPki, TestServer } from './test-server';
import { Logger, silentLogger } from '../../../src/runtime/telemetry/logger';
import { ManualClock } from '../manual-clock';

/** More than is made before the first of it is sent. */
const PAGE = 'x'.repeat(130 * 1024);
/** In rounds, each of which fills the room: in all more than a client may reset, and more unsent than Node.js lets a connection have. */
const ROUNDS = 26;
const STREAMS = 40;

let pki: TestPki;
let clock: ManualClock;
let server: TestServer;
let session: ClientHttp2Session;
let errors: string[];

beforeAll(async () => { pki = await createTestPki(); });

beforeEach(async () => {
  errors = [];
  clock = new ManualClock();
  const logger: Logger = { ...silentLogger, error: (message) => { errors.push(message); } };
  server = await TestServer.start(pki, {
    clock,
    logger,
    maxUnreadBytes: STREAMS * PAGE.length,
    pages: {
      '/whole': () => ({ status: 200, headers: {}, body: PAGE }),
      '/pieces': () => ({ status: 200, headers: {}, body: new Set([PAGE, `${PAGE}.`]) }),
    },
  });
  // It reads nothing.
  session = connectHttp2(`https://127.0.0.1:${server.port}`, {
    rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key, settings: { initialWindowSize: 0 },
  });
  session.on('error', () => {});
  await once(session, 'remoteSettings');
});

afterEach(async () => {
  session.destroy();
  const stopped = server.stop();
  clock.advance(1000);
  await stopped;
});

/** Of which the answer has begun. */
async function ask(path: string): Promise<ClientHttp2Stream> {
  const stream = session.request({ ':path': path }).on('error', () => {});
  await once(stream, 'response');
  return stream;
}

const end = (stream: ClientHttp2Stream) => stream.closed || new Promise((resolve) => stream.once('close', resolve));

test.each(['/whole', '/pieces'])('an answer to %s that is cut off looks like none that is complete, and is not held against its client', async (path) => {
  let before: ClientHttp2Stream[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const streams = await Promise.all(Array.from({ length: STREAMS }, () => ask(path)));
    await Promise.all(before.map(end));
    expect(before.every(({ rstCode }) => rstCode === constants.NGHTTP2_INTERNAL_ERROR)).toBe(true);
    before = streams;
    clock.advance(500);
  }
  expect(session.destroyed).toBe(false);
  expect(server.registry.render()).toContain(`\nmetrics_server_answers_cut_off_for_room_total ${(ROUNDS - 1) * STREAMS}\n`);
  expect(server.registry.render()).toContain('\nmetrics_server_connections_closed_for_resets_total 0\n');
  expect(errors).toEqual([]);
});

test.each(['/whole', '/pieces'])('so does one to %s whose time is over', async (path) => {
  const stream = await ask(path);
  // The request's, and a little more.
  clock.advance(60_000);
  clock.advance(5_000);
  await end(stream);
  expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  expect(errors).toEqual([]);
});
