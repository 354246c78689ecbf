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

async function run(...flags: readonly string[]): Promise<void> {
  runtime = bench.runAdjustable(...bench.flags(await freePort(), bench.write('cluster.kubeconfig', cluster.kubeconfig())), '--authentication-skip-lookup', ...flags);
  // Its log does not always tell.
  while (await runtime.get('/readyz').then(() => false, () => true)) await new Promise(setImmediate);
}

test('--v: lines up to that verbosity', async () => {
  await run('--v=1');
  await runtime.said('Scrape finished');
  expect(runtime.count('Listed nodes')).toBe(0);
});

test('--vmodule: of a module, lines up to its verbosity', async () => {
  await run('--vmodule=reflector=2');
  await runtime.said('Listed nodes');
  await runtime.said('Listed pods');
  expect(runtime.count('Scraping metrics')).toBe(0);
});

test('--logging-format: with json, every line is JSON', async () => {
  await run('--logging-format=json');
  await runtime.said('Serving securely');
  expect(runtime.lines.map((line) => JSON.parse(line))).toContainEqual(expect.objectContaining({ msg: 'Serving securely', address: '127.0.0.1', v: 0 }));
});

async function isSplit(format: string): Promise<void> {
  await run(`--logging-format=${format}`, `--log-${format}-split-stream`, `--log-${format}-info-buffer-size=1Mi`, '--log-flush-frequency=10m');
  await runtime.said('Failed probe');
  await runtime.advance(9 * 60_000);
  await runtime.get('/livez');
  expect(runtime.stdout).toBe('');
  await runtime.advance(2 * 60_000);
  await until(() => runtime.stdout.includes('Serving securely'));
  expect(runtime.stderr).not.toContain('Serving securely');
}

test('--log-text-split-stream, --log-text-info-buffer-size, --log-flush-frequency: what is no error goes to standard output, held back so long', () => isSplit('text'));
test('--log-json-split-stream, --log-json-info-buffer-size: so it does as JSON', () => isSplit('json'));

test('what is held back is written at the end', async () => {
  await run('--log-text-split-stream', '--log-text-info-buffer-size=1Mi', '--log-flush-frequency=10m');
  runtime.signal('SIGTERM');
  expect(await runtime.exitCode).toBe(0);
  expect(runtime.stdout).toContain('Serving securely');
});
