import { connect } from 'node:http2';
import { freePort, RuntimeProcess, Workbench } from './runtime-process';
import { ScriptedCluster } from './scripted-cluster';
import { until } from '../cluster/fake-api-server';

let bench: Workbench;
let cluster: ScriptedCluster;
let runtime: RuntimeProcess;

beforeAll(async () => {
  bench = new Workbench();
  cluster = await ScriptedCluster.start();
});

afterAll(async () => {
  await bench.remove();
  await cluster.stop();
});

async function start(...flags: readonly string[]): Promise<void> {
  const given = bench.flags(await freePort(), bench.write('cluster.kubeconfig', cluster.kubeconfig()));
  runtime = await bench.runAdjustable(...given, '--authentication-skip-lookup', ...flags).serving();
}

const reviewedPaths = () => cluster.reviews('SubjectAccessReview').map(({ nonResourceAttributes }) => nonResourceAttributes?.path);

/** Nobody knows yet whether paths below /held may be asked for. Returns what lets them go. */
function hold(): () => void {
  let release = () => {};
  const released = new Promise<boolean>((resolve) => { release = () => resolve(true); });
  cluster.allows = ({ nonResourceAttributes }) => nonResourceAttributes?.path.startsWith('/held') ? released : true;
  return release;
}

describe('what answers show', () => {
  beforeAll(() => start(
    '--cors-allowed-origins=^https://allowed$,//also:,//(a+)+$', '--strict-transport-security-directives=max-age=60,preload', '--external-hostname=metrics.example.com', '--goaway-chance=0.02',
  ));

  test('--cors-allowed-origins: a page of such an origin may read the answer, another may not', async () => {
    const allowedFor = async (origin: string) => (await runtime.get('/livez', { headers: { origin } })).headers['access-control-allow-origin'];
    expect([await allowedFor('https://allowed'), await allowedFor('https://also:8080'), await allowedFor('https://other')])
      .toEqual(['https://allowed', 'https://also:8080', undefined]);
    // Which takes the expressions of JavaScript years.
    expect(await allowedFor(`//${'a'.repeat(200)}!`)).toBeUndefined();
  });

  test('--strict-transport-security-directives: every answer tells browsers to keep to TLS', async () => {
    expect((await runtime.get('/livez')).headers['strict-transport-security']).toBe('max-age=60; preload');
  });

  test('--external-hostname: discovery names the server so', async () => {
    const { body } = await runtime.get('/apis');
    expect(JSON.parse(body).groups[0].serverAddressByClientCIDRs[0].serverAddress).toMatch(/^metrics\.example\.com:\d+$/);
  });

  test('--goaway-chance: a client of HTTP/2 is sent elsewhere sooner or later', async () => {
    const session = connect(`https://127.0.0.1:${runtime.port}`, { rejectUnauthorized: false });
    let isSentAway = false;
    session.on('goaway', () => { isSentAway = true; });
    // With one chance in fifty, a million times more often than this fails without reason.
    for (let request = 0; request < 1_000 && !isSentAway && !session.closed; request++) {
      await new Promise((resolve) => session.request({ ':path': '/livez' }).on('error', resolve).on('close', resolve).resume());
    }
    session.close();
    expect(isSentAway).toBe(true);
  });
});

test('--max-requests-inflight, --max-mutating-requests-inflight: who comes when so many are under way is told to come again', async () => {
  await start('--max-requests-inflight=2', '--max-mutating-requests-inflight=1');
  const release = hold();
  const post = (path: string) => runtime.get(path, { method: 'POST' });
  const served = [runtime.get('/held/1'), runtime.get('/held/2'), post('/held/3')];
  await until(() => reviewedPaths().filter((path) => path?.startsWith('/held')).length === 3);
  for (const refused of [await runtime.get('/held/4'), await post('/held/5')]) {
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
  }
  release();
  expect((await Promise.all(served)).map(({ status }) => status)).not.toContain(429);
});

test('--request-timeout: who is not answered by then is answered 504', async () => {
  await start('--request-timeout=5s');
  const release = hold();
  const answer = runtime.get('/held/late');
  let answered = false;
  void answer.then(() => { answered = true; });
  await until(() => reviewedPaths().includes('/held/late'));
  await runtime.advance(4_000);
  await runtime.get('/livez');
  expect(answered).toBe(false);
  await runtime.advance(1_000);
  expect((await answer).status).toBe(504);
  release();
});

test('--livez-grace-period: /livez passes so long, though no scrape has begun in time', async () => {
  await start('--livez-grace-period=1h', '--v=1');
  await runtime.said('Scrape finished');
  await runtime.leap(30 * 60_000);
  expect((await runtime.get('/livez')).status).toBe(200);
  await runtime.leap(31 * 60_000);
  expect((await runtime.get('/livez?verbose')).body).toContain('[-]metric-collection-timely failed');
});

test('--shutdown-send-retry-after: whoever comes while a request is under way is told to come again', async () => {
  await start('--shutdown-send-retry-after');
  const release = hold();
  const answer = runtime.get('/held/to-the-end');
  await until(() => reviewedPaths().includes('/held/to-the-end'));
  runtime.signal('SIGTERM');
  let late = await runtime.get('/late');
  while (late.status !== 429) late = await runtime.get('/late');
  expect(late.headers['retry-after']).toBe('5');
  release();
  expect((await answer).status).toBe(404);
  expect(await runtime.exitCode).toBe(0);
});
