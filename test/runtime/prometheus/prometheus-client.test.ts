import { failure, PrometheusServer, success } from './prometheus-server';
import { systemClock } from '../../../src/runtime/clock';
import { readDocument } from '../../../src/runtime/configuration-file/document';
import { ByteRoom } from '../../../src/runtime/prometheus/byte-room';
import { PrometheusClient } from '../../../src/runtime/prometheus/prometheus-client';
import { sourceConfiguration } from '../../../src/runtime/prometheus/source-configuration';
import { TempDir } from '../cluster/temp-dir';
import { ManualClock } from '../manual-clock';

const VECTOR = { resultType: 'vector', result: [{ metric: { pod: 'a' }, value: [1700000000.5, '2.5'] }, { metric: { pod: 'b' }, value: [1700000000.5, 'NaN'] }] };
const { signal } = new AbortController();

describe('a Prometheus', () => {
  const stops: (() => unknown)[] = [];
  afterEach(async () => { for (const stop of stops.splice(0).reverse()) await stop(); });

  async function serve(...args: Parameters<typeof PrometheusServer.start>): Promise<PrometheusServer> {
    const server = await PrometheusServer.start(...args);
    stops.push(() => server.stop());
    return server;
  }

  async function client(url: string, more = '', clock: ConstructorParameters<typeof PrometheusClient>[1] = systemClock): Promise<PrometheusClient> {
    const made = new PrometheusClient(sourceConfiguration(await readDocument('config.yaml', `{name: main, url: "${url}"${more}}`)), clock, 'metrics-server/test', new ByteRoom());
    stops.push(() => made.close());
    return made;
  }

  test('is asked for the values of a moment', async () => {
    const server = await serve(success(VECTOR));
    const prometheus = await client(`${server.url}/prefix/`, ', headers: {X-Scope-OrgID: team-a}');
    expect(await prometheus.query('up', 1700000000500, signal)).toEqual({
      type: 'vector',
      samples: [{ labels: { pod: 'a' }, timestampMs: 1700000000500, value: 2.5 }, { labels: { pod: 'b' }, timestampMs: 1700000000500, value: NaN }],
    });
    const [{ method, path, parameters, headers }] = server.requests;
    expect({ method, path, parameters }).toEqual({
      method: 'GET', path: '/prefix/api/v1/query', parameters: { query: 'up', time: '1700000000.500', timeout: '9000ms' },
    });
    expect(headers).toMatchObject({ 'x-scope-orgid': 'team-a', 'user-agent': 'metrics-server/test' });
  });

  test('is asked over one connection', async () => {
    const server = await serve(success(VECTOR));
    const prometheus = await client(server.url);
    for (let i = 0; i < 3; i++) await prometheus.query('up', 0, signal);
    expect(server.connections).toBe(1);
  });

  test('gets by POST what is too long for a URL, or all where that is asked for', async () => {
    const server = await serve(success(VECTOR));
    const long = `up{pod=~"${'pod-name|'.repeat(400)}"}`;
    await (await client(server.url)).query(long, 0, signal);
    await (await client(server.url, ', verb: POST')).query('up', 0, signal);
    await (await client(server.url, ', verb: GET')).query(long, 0, signal);
    expect(server.requests.map(({ method, parameters }) => [method, parameters.query === long])).toEqual([['POST', true], ['POST', false], ['GET', true]]);
  });

  test('gives a scalar as one sample without labels', async () => {
    const server = await serve(success({ resultType: 'scalar', result: [5, '+Inf'] }));
    expect(await (await client(server.url)).query('5', 0, signal)).toEqual({ type: 'scalar', samples: [{ labels: {}, timestampMs: 5000, value: Infinity }] });
  });

  test('lists series since a time, however many there are', async () => {
    const all = Array.from({ length: 5000 }, (_, index) => ({ __name__: 'up', pod: `pod "${index}" {[é]}` }));
    const server = await serve(success(all));
    const found: unknown[] = [];
    await (await client(server.url)).series('up', 1700000000000, (series) => found.push(series), signal);
    expect(found).toEqual(all);
    expect(server.requests[0]).toMatchObject({ path: '/api/v1/series', parameters: { 'match[]': 'up', 'start': '1700000000.000' } });
  });

  test('is shown a token or a password as the files hold them now', async () => {
    const directory = new TempDir();
    stops.push(() => directory.remove());
    const token = directory.write('token', 'first\n');
    const password = directory.write('password', 'p:w\n');
    const server = await serve((request, response) => {
      const { authorization = '' } = request.headers;
      (authorization === 'Bearer first' ? failure(401, '') : success(VECTOR))(request, response);
    });
    const prometheus = await client(server.url, `, bearerTokenFile: ${token}`);
    await expect(prometheus.query('up', 0, signal)).rejects.toThrow('source main: HTTP 401: Unauthorized; query: up');
    directory.write('token', 'second\n');
    await prometheus.query('up', 0, signal);
    await (await client(server.url, `, basicAuth: {username: me, passwordFile: ${password}}`)).query('up', 0, signal);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first', 'Bearer first', 'Bearer first', 'Bearer second', 'Basic bWU6cDp3',
    ]);
  });

  test.each<[string, Parameters<typeof PrometheusServer.start>[0], string, string]>([
    ['refuses a query', failure(400, '{"status":"error","errorType":"bad_data","error":"1:3: parse error"}'), 'query', 'HTTP 400: bad_data: 1:3: parse error'],
    ['gives up a query', failure(422, '{"status":"error","errorType":"execution","error":"too many samples"}'), 'query', 'HTTP 422: execution: too many samples'],
    ['has no time for a query', failure(503, '{"status":"error","errorType":"timeout","error":"query timed out"}'), 'query-timeout', 'HTTP 503: timeout: query timed out'],
    ['is behind a proxy to which a query is too long', failure(414, '<html>'), 'query', 'HTTP 414: URI Too Long'],
    ['is elsewhere below its host', failure(404, '404 page not found'), 'unavailable', 'HTTP 404: Not Found'],
    ['is not ready', failure(503, 'Service Unavailable'), 'unavailable', 'HTTP 503: Service Unavailable'],
    ['has a proxy in front that forbids', failure(403, '<html>'), 'unauthorized', 'HTTP 403: Forbidden'],
    ['is something else', (_, response) => response.end('<html>'), 'protocol', 'the answer is no JSON; is it Prometheus that listens there?'],
    ['is of another API', (_, response) => response.end('{}'), 'protocol', 'the answer is not one of the Prometheus API; is it Prometheus that listens there?'],
    ['gives ranges', success({ resultType: 'matrix', result: [] }), 'answer', 'it gives a matrix, where a vector or a scalar is needed'],
    ['gives histograms', success({ resultType: 'vector', result: [{ metric: {}, histogram: [1, {}] }] }), 'answer',
      'it gives native histograms; take a number of them, such as histogram_quantile or histogram_avg does'],
    ['hangs up', (_, response) => response.destroy(), 'transport', 'the connection was closed before the answer was complete'],
  ])('that %s is told of by source, code and query', async (_, respond, reason, problem) => {
    const server = await serve(respond);
    await expect((await client(server.url)).query('sum(\n  up)', 0, signal)).rejects.toMatchObject({
      reason, message: `source main: ${problem}; query: sum( up)`,
    });
  });

  test('that is not there is told of', async () => {
    const server = await serve(success(VECTOR));
    const prometheus = await client(server.url);
    await server.stop();
    await expect(prometheus.query('up', 0, signal)).rejects.toThrow('source main: connection refused; query: up');
  });

  test('that redirects is told of, without what may be secret', async () => {
    const server = await serve((_, response) => { response.writeHead(302, { location: 'https://login.example.com/?state=secret' }).end(); });
    await expect((await client(server.url)).query('up', 0, signal))
      .rejects.toThrow('source main: HTTP 302: Found; it points to https://login.example.com/, correct url; query: up');
  });

  test('whose token cannot be read is not asked', async () => {
    const server = await serve(success(VECTOR));
    await expect((await client(server.url, ', bearerTokenFile: /nowhere/token')).query('up', 0, signal))
      .rejects.toThrow('source main: /nowhere/token cannot be read (ENOENT); query: up');
    expect(server.requests).toEqual([]);
  });

  test('has the time that its source says', async () => {
    let asked: () => void;
    const arrived = new Promise<void>((resolve) => { asked = resolve; });
    const server = await serve(() => asked());
    const clock = new ManualClock();
    const failed = expect((await client(server.url, ', timeout: 5s', clock)).query('up', 0, signal)).rejects.toMatchObject({
      reason: 'timeout', message: 'source main: no answer in 5 s; query: up',
    });
    await arrived;
    clock.advance(5000);
    await failed;
  });

  test('that itself gives up a query at the time it was given is told of before its own time is over', async () => {
    const clock = new ManualClock();
    const server = await serve(({ parameters }, response) => {
      clock.advance(parseInt(parameters.timeout));
      failure(503, '{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}')(undefined!, response);
    });
    await expect((await client(server.url, ', timeout: 5s', clock)).query('heavy', 0, signal)).rejects.toMatchObject({ reason: 'query-timeout', isOfSource: false });
  });

  test('that others keep busy has all of its time for a question from when there is a connection for that', async () => {
    const clock = new ManualClock();
    const answers: (() => void)[] = [];
    const server = await serve((received, response) => { answers.push(() => success(VECTOR)(received, response)); });
    const prometheus = await client(server.url, ', timeout: 5s', clock);
    const until = async (done: () => boolean) => { while (!done()) await new Promise(setImmediate); };
    const asked = Array.from({ length: 129 }, () => prometheus.query('up', 0, new AbortController().signal).then(() => 'answered', (error: Error) => error.message));
    await until(() => answers.length === 128);
    clock.advance(4_000);
    answers[0]();
    await until(() => answers.length === 129);
    clock.advance(4_999);
    answers[128]();
    const outcomes = await Promise.all(asked);
    expect([outcomes[0], outcomes[1], outcomes[128]]).toEqual(['answered', 'source main: no answer in 5 s; query: up', 'answered']);
  });

  test('whose path is not there may have others', async () => {
    const server = await serve(failure(404, 'no such queue'));
    await expect((await client(server.url)).document('/queues/mail', 1000, signal)).rejects.toMatchObject({ reason: 'query', isOfSource: false });
  });

  test('is given up when nobody wants to know any longer', async () => {
    const controller = new AbortController();
    const server = await serve(() => controller.abort(new Error('gone')));
    await expect((await client(server.url)).query('up', 0, controller.signal)).rejects.toThrow('gone');
  });
});
