import { inspect } from 'node:util';
import { BearerTokenAuthenticator } from '../../../../src/runtime/server/authentication/bearer-token';
import { RequestHeaders } from '../../../../src/runtime/server/authentication/request-headers';
import { WebSocketTokenAuthenticator } from '../../../../src/runtime/server/authentication/websocket-token';
import { ReviewOptions } from '../../../../src/runtime/server/review-client';
import { StatusError } from '../../../../src/runtime/server/status';
import { ManualClock } from '../../manual-clock';

let asked: string[];
let status: unknown;
let failure: Error | undefined;
let clock: ManualClock;
let authenticator: BearerTokenAuthenticator;

beforeEach(() => {
  asked = [];
  failure = undefined;
  status = { authenticated: true, user: { username: 'alice' } };
  clock = new ManualClock();
  const create = async <T>(_path: string, body: unknown): Promise<T> => {
    asked.push((body as { spec: { token: string } }).spec.token);
    if (failure) throw failure;
    return { status } as T;
  };
  authenticator = new BearerTokenAuthenticator({ create }, clock, 10_000);
});

const authenticate = (token: string, address = '10.0.0.1') => (
  authenticator.authenticate({ headers: new RequestHeaders(['Authorization', `bearer ${token}`]), peer: () => undefined, remoteAddress: () => address })
);

test('an answer is remembered for its time', async () => {
  expect(await authenticate('t')).toEqual({ name: 'alice', groups: [] });
  clock.advance(9_999);
  await authenticate('t');
  expect(asked).toEqual(['t']);
  clock.advance(1);
  await authenticate('t');
  expect(asked).toEqual(['t', 't']);
});

test('so is a refusal', async () => {
  status = { authenticated: false };
  await expect(authenticate('t')).rejects.toThrow('invalid bearer token');
  await expect(authenticate('t')).rejects.toThrow('invalid bearer token');
  expect(asked).toEqual(['t']);
});

test('but not an error that keeps the API server from telling', async () => {
  status = { authenticated: false, error: 'etcdserver: request timed out' };
  await expect(authenticate('t')).rejects.toThrow('etcdserver: request timed out');
  status = { authenticated: true, user: { username: 'alice' } };
  expect(await authenticate('t')).toMatchObject({ name: 'alice' });
});

test('nor that nobody answered', async () => {
  failure = new Error('connection refused');
  await expect(authenticate('t')).rejects.toThrow('connection refused');
  failure = undefined;
  expect(await authenticate('t')).toMatchObject({ name: 'alice' });
});

test('requests at the same time share one review', async () => {
  await Promise.all([authenticate('t'), authenticate('t'), authenticate('other')]);
  expect(asked).toEqual(['t', 'other']);
});

test('no token is kept', async () => {
  await authenticate('secret-token');
  expect(inspect(authenticator, { depth: 10 })).not.toContain('secret-token');
});

describe('a token among the subprotocols of a WebSocket', () => {
  const PREFIX = 'base64url.bearer.authorization.k8s.io.';
  const encoded = (token: string) => `${PREFIX}${Buffer.from(token).toString('base64url')}`;
  const ask = (protocols: readonly string[], upgrade = 'websocket', connection = 'keep-alive, Upgrade') => new WebSocketTokenAuthenticator(authenticator).authenticate({
    headers: new RequestHeaders(['Upgrade', upgrade, 'Connection', connection, ...protocols.flatMap((one) => ['Sec-WebSocket-Protocol', one])]),
    peer: () => undefined,
    remoteAddress: () => '10.0.0.1',
  });

  test('says who asks, and shares what is remembered of it', async () => {
    expect(await ask([`${encoded('a token')}, metrics`])).toEqual({ name: 'alice', groups: [] });
    expect(await ask(['metrics', encoded('a token')])).toEqual({ name: 'alice', groups: [] });
    await authenticate('other');
    await ask([`${encoded('other')},metrics`]);
    expect(asked).toEqual(['a token', 'other']);
  });

  test.each<[string, string[]]>([
    ['multiple base64.bearer.authorization tokens specified', [`${encoded('a')}, metrics`, encoded('b')]],
    ['invalid base64.bearer.authorization token encoding', [`${PREFIX}***, metrics`]],
    ['invalid base64.bearer.authorization token', [`${PREFIX}_w, metrics`]],
    ['missing additional subprotocol', [encoded('a')]],
  ])('is refused: %s', async (reason, protocols) => {
    await expect(ask(protocols)).rejects.toThrow(reason);
    expect(asked).toEqual([]);
  });

  test('is none without a WebSocket, or without a text', async () => {
    const protocols = [`${encoded('t')}, metrics`];
    for (const result of [ask(protocols, 'h2c'), ask(protocols, 'websocket', 'keep-alive'), ask([`${PREFIX}, metrics`]), ask(['metrics']), ask([])]) expect(await result).toBeUndefined();
    expect(asked).toEqual([]);
  });
});

test('a token is not refused because of what comes from another address', async () => {
  const refused = StatusError.tooManyRequests();
  const create = async <T>(_path: string, _body: unknown, { flow }: ReviewOptions = {}): Promise<T> => {
    if (flow === '10.0.0.2') throw refused;
    return { status } as T;
  };
  authenticator = new BearerTokenAuthenticator({ create }, clock, 10_000);
  const [flooding, other] = [authenticate('t', '10.0.0.2'), authenticate('t')];
  await expect(flooding).rejects.toBe(refused);
  expect(await other).toMatchObject({ name: 'alice' });
});
