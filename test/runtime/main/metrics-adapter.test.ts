import { freePort, Workbench } from './runtime-process';

let bench: Workbench;

beforeAll(() => { bench = new Workbench(); });
afterAll(() => bench.remove());

const CONFIGURATION = 'metrics: [{name: jobs, query: sum(jobs)}]';

test('metrics-adapter --help tells its flags', async () => {
  const help = bench.run('metrics-adapter', '--help');
  expect(await help.exitCode).toBe(0);
  expect(help.stdout).toContain(' --prometheus-url string ');
});

test.each([
  [[], '--config is missing'],
  [['--config=/nowhere'], '--config=/nowhere cannot be read (ENOENT); check the path and its permissions'],
  [['--config=CONFIG'], 'names no sources, nor is --prometheus-url given'],
  [['--config=CONFIG', '--prometheus-urls=x'], 'unknown flag: --prometheus-urls, did you mean --prometheus-url?'],
])('%j is a line and exit code 2', async (args, why) => {
  const config = bench.write('config.yaml', CONFIGURATION);
  const adapter = bench.run('metrics-adapter', ...bench.flags(await freePort()), ...args.map((arg) => arg.replace('CONFIG', config)));
  expect(await adapter.exitCode).toBe(2);
  expect(adapter.lines).toEqual([expect.stringContaining(why)]);
});

test('it reads its configuration again at SIGHUP, and ends at SIGTERM', async () => {
  const config = bench.write('config.yaml', CONFIGURATION);
  const adapter = bench.run('metrics-adapter', ...bench.flags(await freePort()), `--config=${config}`, '--prometheus-url=http://127.0.0.1:1');
  await adapter.serving();
  bench.write('config.yaml', 'metrics: [{name: jobs}]');
  adapter.signal('SIGHUP');
  await adapter.said('configuration cannot be used, the last good one stays');
  adapter.signal('SIGTERM');
  expect(await adapter.exitCode).toBe(0);
});
