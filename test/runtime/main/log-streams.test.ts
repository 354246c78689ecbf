import { freePort, Workbench } from './runtime-process';

let bench: Workbench;

beforeAll(() => { bench = new Workbench(); });
afterAll(() => bench.remove());

test.each(['text', 'json'])('the streams of %s are split, and held back until the end', async (format) => {
  const port = await freePort();
  const flags = [`--logging-format=${format}`, `--log-${format}-split-stream`, `--log-${format}-info-buffer-size=1Mi`, '--log-flush-frequency=10m'];
  const runtime = bench.run(...bench.flags(port), ...flags);
  // Its log does not tell when it serves.
  while (await runtime.get('/readyz').then(() => false, () => true)) await new Promise(setImmediate);
  await runtime.said('Failed probe');
  expect(runtime.stdout).toBe('');
  runtime.signal('SIGTERM');
  expect(await runtime.exitCode).toBe(0);
  expect(runtime.stdout).toContain('Serving securely');
  expect(runtime.stderr).not.toContain('Serving securely');
});
