import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { approveKubeletServing } from '../../../src/runtime/kubelet-serving-approver/approve-kubelet-serving';
import { FakeApiServer } from '../cluster/fake-api-server';
import { RecordingLogger } from '../cluster/fixtures';
import { TempDir } from '../cluster/temp-dir';
import { ManualClock } from '../manual-clock';

const directory = new TempDir();

let kubeconfig: string;
let server: FakeApiServer;
let logger: RecordingLogger;
let printed: string;

beforeEach(async () => {
  server = new FakeApiServer();
  const cluster = { name: 'test', cluster: { server: String(await server.listen()) } };
  const context = { name: 'test', context: { cluster: 'test', user: 'test' } };
  kubeconfig = directory.write('kubeconfig', JSON.stringify({ 'clusters': [cluster], 'contexts': [context], 'users': [{ name: 'test', user: {} }], 'current-context': 'test' }));
  logger = new RecordingLogger();
  printed = '';
});

afterEach(() => server.close());
afterAll(() => directory.remove());

function start(argv: string[], signal = new AbortController().signal): Promise<void> {
  return approveKubeletServing([`--kubeconfig=${kubeconfig}`, ...argv], {
    clock: new ManualClock(), random: () => 0, env: {}, loggers: () => () => logger, signal, out: (text) => printed += text,
  });
}

test('serves probes and metrics until it is told to end', async () => {
  const end = new AbortController();
  const ended = start(['--http-bind-address=127.0.0.1:0'], end.signal);
  const port = await eventually(() => /port=(\d+)/.exec(logger.lines[0] ?? '')?.[1]);
  const get = async (path: string) => fetch(`http://127.0.0.1:${port}${path}`).then(async (response) => [response.status, await response.text()]);
  await eventually(() => server.watching === 1 || undefined);
  expect(await get('/livez')).toEqual([200, 'ok']);
  expect(await get('/readyz?verbose')).toEqual([200, 'ok']);
  expect(await get('/metrics')).toEqual([200, expect.stringContaining('metrics_server_kubelet_serving_requests_approved_total 0')]);
  expect(await get('/apis')).toEqual([404, 'not found\n']);
  end.abort();
  await ended;
  await expect(get('/livez')).rejects.toThrow();
  await eventually(() => server.watching === 0 || undefined);
});

test('--help says what it does, and with which flags', async () => {
  await start(['--help']);
  expect(printed).toMatch(/^Approves the serving certificates .*\n\nUsage:\n {2}metrics-server approve-kubelet-serving \[flags\]\n/);
  expect(printed).toContain('--http-bind-address string');
});

test('a mistake is told in a line', async () => {
  await expect(start(['--http-bind-address=8080'])).rejects.toThrow('--http-bind-address=8080 is no address and port; give such as :8080, 127.0.0.1:8080 or [::1]:8080');
  await expect(start(['--secure-port=1'])).rejects.toThrow('unknown flag: --secure-port');
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(start([`--http-bind-address=127.0.0.1:${port}`])).rejects.toThrow(`cannot listen on 127.0.0.1, port ${port} (EADDRINUSE); pass another --http-bind-address`);
  other.close();
});

async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    await new Promise(setImmediate);
  }
}
