import { spawnSync } from 'node:child_process';
import { Agent, request } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { freePort, Workbench } from './runtime-process';
import { ScriptedCluster } from './scripted-cluster';

let bench: Workbench;
let port: number;
let kept: Agent;

beforeAll(() => { bench = new Workbench(); });
beforeEach(async () => {
  port = await freePort();
  kept = new Agent({ keepAlive: true });
});
afterEach(() => kept.destroy());
afterAll(() => bench.remove());

const start = (...flags: string[]) => bench.run(...bench.flags(port), '--authorization-always-allow-paths=/debug/*,/livez', ...flags).serving();

interface Fetched {
  readonly status: number;
  readonly body: Buffer;
}

function fetched(path: string, method = 'GET', body = '', agent: Agent | false = false): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, rejectUnauthorized: false, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks) }));
    }).on('error', reject).end(body);
  });
}

const overKept = (path: string) => fetched(path, 'GET', '', kept);
/** A connection to ask over before whoever has yet to connect. */
const connect = () => overKept('/debug/pprof/cmdline');

test('profiles of CPU and memory, of the time that is asked for; one at a time', async () => {
  await start();
  await connect();
  const startMs = performance.now();
  const [profile, refused] = await Promise.all([overKept('/debug/pprof/profile?seconds=1'), fetched('/debug/pprof/heap')]);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(1_000);
  expect(profile.status).toBe(200);
  expect(gunzipSync(profile.body).toString('latin1')).toContain('nanoseconds');
  expect([refused.status, String(refused.body)]).toEqual([500, expect.stringContaining('another profile is being taken')]);
  const heap = await fetched('/debug/pprof/heap?seconds=0.5');
  expect(gunzipSync(heap.body).toString('latin1')).toContain('inuse_space');
});

test('whoever asks for the head alone is answered at once', async () => {
  await start();
  for (const path of ['/debug/pprof/profile', '/debug/pprof/heap', '/debug/pprof/']) {
    expect([path, (await fetched(path, 'HEAD')).status]).toEqual([path, 200]);
  }
});

test('a profile may take longer than --request-timeout, and is none of --max-requests-inflight', async () => {
  const flags = ['--authorization-always-allow-paths=/debug/*,/version', '--request-timeout=10s', '--max-requests-inflight=1'];
  const runtime = await bench.runAdjustable(...bench.flags(port), ...flags).serving();
  await connect();
  const profile = overKept('/debug/pprof/heap?seconds=600');
  while ((await fetched('/debug/pprof/heap?seconds=0.001')).status !== 500);
  expect((await fetched('/version')).status).toBe(200);
  await runtime.advance(300_000);
  expect((await fetched('/debug/pprof/heap?seconds=0.001')).status).toBe(500);
  await runtime.advance(300_000);
  expect((await profile).status).toBe(200);
});

test('the pages around them', async () => {
  await start();
  expect(await fetched('/debug/pprof')).toMatchObject({ status: 302 });
  expect(String((await fetched('/debug/pprof/')).body)).toContain('profile?seconds=30');
  expect(String((await fetched('/debug/pprof/cmdline')).body).split('\0')).toContain(`--secure-port=${port}`);
  expect(String((await fetched('/debug/pprof/symbol')).body)).toBe('num_symbols: 0\n');
  expect(await fetched('/debug/pprof/trace')).toMatchObject({ status: 404 });
  expect(await fetched('/debug/pprof/profile?seconds=no')).toMatchObject({ status: 400 });
});

// Where there is a Go to read it with.
const goTest = spawnSync('go', ['version']).status === 0 ? test : test.skip;

goTest('go tool pprof reads both, and names functions of this program', async () => {
  await start();
  for (const [name, index] of [['profile', 'cpu'], ['heap', 'inuse_space']]) {
    await connect();
    let isTaken = false;
    const taken = overKept(`/debug/pprof/${name}?seconds=2`).finally(() => { isTaken = true; });
    // Something to see: requests, and connections that are still there when what is in use is counted.
    const others = new Agent({ keepAlive: true });
    await Promise.all(Array.from({ length: 100 }, () => fetched('/debug/pprof/cmdline', 'GET', '', others)));
    while (!isTaken) await fetched('/debug/pprof/cmdline');
    const profile = await taken;
    others.destroy();
    const file = bench.write(`${name}.pb.gz`, profile.body);
    const { status, stdout, stderr } = spawnSync('go', ['tool', 'pprof', '-top', `-sample_index=${index}`, file], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('failed')]);
    const [, total] = /of (\d+(?:\.\d+)?)\w+ total/.exec(stdout) ?? [];
    expect(Number(total)).toBeGreaterThan(0);
    expect(stdout).toContain(`Type: ${index}`);
    expect(stdout).toMatch(/flat {2}flat%/);
  }
});

test('--v: set anew by a PUT of its value; what cannot be one leaves it as it is', async () => {
  const cluster = await ScriptedCluster.start();
  const flags = ['--authentication-skip-lookup', '--authorization-always-allow-paths=/debug/*'];
  const runtime = await bench.runAdjustable(...bench.flags(port, bench.write('cluster.kubeconfig', cluster.kubeconfig())), ...flags).serving();
  const put = async (value: string) => {
    const { status, body } = await fetched('/debug/flags/v', 'PUT', value);
    return [status, String(body)];
  };
  expect(await put('5')).toEqual([200, 'successfully set klog.logging.verbosity to 5\n']);
  await runtime.advance(60_000);
  await runtime.said('Scrape finished');
  expect(await put('six')).toEqual([400, 'strconv.ParseUint: parsing "six": invalid syntax\n']);
  expect(await put('-1')).toEqual([400, 'strconv.ParseUint: parsing "-1": invalid syntax\n']);
  expect(await put('99999999999')).toEqual([400, 'strconv.ParseUint: parsing "99999999999": value out of range\n']);
  expect(await put('9'.repeat(1_000_000))).toEqual([400, expect.stringMatching(/value out of range\n$/)]);
  expect(await put('0')).toEqual([200, 'successfully set klog.logging.verbosity to 0\n']);
  const said = runtime.count('Scrape finished');
  expect(await fetched('/debug/flags/v')).toMatchObject({ status: 406, body: Buffer.from('unsupported http method\n') });
  for (const path of ['/debug/flags', '/debug/flags/', '/debug/flags/x']) expect(String((await fetched(path)).body)).toContain('<tr>v<br>');
  await runtime.advance(60_000);
  await fetched('/debug/flags');
  expect(runtime.count('Scrape finished')).toBe(said);
  await cluster.stop();
});

test('they are authorized like everything else', async () => {
  await bench.run(...bench.flags(port), '--authorization-always-allow-paths=/livez').serving();
  expect((await fetched('/debug/pprof/cmdline')).status).not.toBe(200);
  expect((await fetched('/debug/flags/v', 'PUT', '9')).status).not.toBe(200);
});

test('--profiling: false turns it off', async () => {
  await start('--profiling=false');
  for (const path of ['/debug/pprof/', '/debug/pprof/profile?seconds=1', '/debug/pprof/cmdline', '/debug/flags', '/debug/flags/v']) {
    expect([path, (await fetched(path)).status]).toEqual([path, 404]);
  }
});
