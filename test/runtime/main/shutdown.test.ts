import { ClientHttp2Session, connect } from 'node:http2';
import { Agent, get } from 'node:https';
import { freePort, RuntimeProcess, Workbench } from './runtime-process';

let bench: Workbench;
let port: number;

beforeAll(() => { bench = new Workbench(); });
beforeEach(async () => { port = await freePort(); });
afterAll(() => bench.remove());

function start(...flags: readonly string[]): Promise<RuntimeProcess> {
  return bench.run(...bench.flags(port), ...flags).serving();
}

/** Keeps the connection. */
function askHttp1(agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/livez', agent }, (response) => response.resume().on('end', () => resolve(response.statusCode!))).on('error', reject);
  });
}

/** Keeps the session. */
function askHttp2(session: ClientHttp2Session): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0;
    session.request({ ':path': '/livez' })
      .on('response', (headers) => { status = headers[':status']!; })
      .on('error', reject).on('end', () => resolve(status)).resume();
  });
}

test('SIGTERM ends it with 0, whoever keeps idle connections', async () => {
  const runtime = await start();
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  expect([await askHttp1(agent), await askHttp2(session)]).toEqual([200, 200]);
  expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  const startMs = performance.now();
  runtime.signal('SIGTERM');
  expect(await runtime.exitCode).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(3_000);
  expect(runtime.lines.at(-1)).toBe('I "Shutting down" signal="SIGTERM"');
  agent.destroy();
  session.destroy();
});

test('so does SIGINT', async () => {
  const runtime = await start();
  runtime.signal('SIGINT');
  expect(await runtime.exitCode).toBe(0);
});

test('so does SIGTERM while the Secret of the serving certificate is still waited for', async () => {
  const runtime = bench.run(...bench.flags(port), '--self-managed-cert-secret=kube-system/cert', '--self-managed-cert-service=kube-system/metrics-server');
  await runtime.said('Cannot follow');
  runtime.signal('SIGTERM');
  expect(await runtime.exitCode).toBe(0);
});

test('--shutdown-delay-duration: not ready at once, but still serving; a second signal ends it with 1', async () => {
  const runtime = await start('--shutdown-delay-duration=60s');
  runtime.signal('SIGTERM');
  await runtime.said('Shutting down');
  expect((await runtime.get('/livez')).status).toBe(200);
  expect((await runtime.get('/readyz?verbose')).body).toContain('[-]shutdown failed: reason withheld');
  runtime.signal('SIGTERM');
  expect(await runtime.exitCode).toBe(1);
});

test('--shutdown-delay-duration: the end comes after it', async () => {
  const runtime = await start('--shutdown-delay-duration=1s');
  const startMs = performance.now();
  runtime.signal('SIGTERM');
  expect(await runtime.exitCode).toBe(0);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(1_000);
});
