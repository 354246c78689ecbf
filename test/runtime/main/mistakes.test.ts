import { AddressInfo, createServer, Server } from 'node:net';
import { freePort, RuntimeProcess, Workbench } from './runtime-process';

let bench: Workbench;
let port: number;

beforeAll(async () => {
  bench = new Workbench();
  port = await freePort();
});

afterAll(() => bench.remove());

/** The one line with which the runtime refuses to start. */
async function refusal(...args: readonly string[]): Promise<string> {
  const runtime: RuntimeProcess = bench.run(...args);
  const code = await runtime.exitCode;
  expect({ code, stdout: runtime.stdout, lines: runtime.lines.length }).toEqual({ code: 2, stdout: '', lines: 1 });
  expect(runtime.lines[0]).toMatch(/^Error: /);
  return runtime.lines[0].slice('Error: '.length);
}

test('an unknown flag', async () => {
  expect(await refusal('--metric-resolutoin=15s')).toBe('unknown flag: --metric-resolutoin, did you mean --metric-resolution?');
});

test.each([['doctr', 'doctor'], ['approve-kubelet-servin', 'approve-kubelet-serving'], ['metric-adapter', 'metrics-adapter']])('a mistyped command: %s', async (given, meant) => {
  expect(await refusal(given, '--v=1')).toBe(`unknown command "${given}", did you mean ${meant}?`);
});

test('no mistake: its own name and others as first argument, which metrics-server does not look at', async () => {
  for (const first of ['metrics-server', '/metrics-server', 'start']) {
    const runtime = bench.run(first, '--version');
    expect([first, await runtime.exitCode, runtime.stdout]).toEqual([first, 0, expect.stringMatching(/^v\d/)]);
  }
});

test('no cluster at all', async () => {
  expect(await refusal()).toBe('not running in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT not set; '
    + 'outside a pod pass --kubeconfig with the path of a kubeconfig file');
});

describe('a kubeconfig', () => {
  test('that is not there', async () => {
    expect(await refusal('--kubeconfig=/nowhere')).toBe('kubeconfig /nowhere: cannot be read (ENOENT); check the path and its permissions');
  });

  test.each([['{', 'is no YAML'], ['garbage', 'holds no kubeconfig'], ['kind: Config', 'has no current-context']])('that holds %j', async (text, why) => {
    expect(await refusal(`--kubeconfig=${bench.write('wrong.kubeconfig', text)}`)).toContain(why);
  });

  test('for authentication alone', async () => {
    expect(await refusal(...bench.flags(port), '--authentication-kubeconfig=/nowhere')).toMatch(/^kubeconfig \/nowhere: cannot be read/);
  });
});

describe('where to listen', () => {
  let taken: Server;

  beforeAll(() => new Promise<void>((resolve) => { taken = createServer().listen(0, '127.0.0.1', resolve); }));
  afterAll(() => taken.close());

  test('a port in use', async () => {
    const { port: used } = taken.address() as AddressInfo;
    expect(await refusal(...bench.flags(used))).toBe(`port ${used} is in use by another process; pass another --secure-port`);
  });

  test.each(['192.0.2.1', 'fe80::1'])('the address %s, which is no interface\'s', async (address) => {
    expect(await refusal(...bench.flags(port), `--bind-address=${address}`))
      .toBe(`no interface has the address ${address}; pass another --bind-address`);
  });

  test('an address that is none', async () => {
    expect(await refusal(...bench.flags(port), '--bind-address=localhost')).toMatch(/^invalid argument "localhost" for "--bind-address"/);
  });
});

describe('files of certificates', () => {
  test('a directory that cannot be written', async () => {
    const directory = `${bench.write('file', '')}/certificates`;
    expect(await refusal(...bench.flags(port), `--cert-dir=${directory}`))
      .toBe(`--cert-dir=${directory} cannot be written (ENOTDIR); pass a directory that can`);
  });

  test('a serving certificate that is not there, or garbage', async () => {
    const garbage = bench.write('garbage.pem', 'garbage');
    for (const [file, why] of [['/nowhere', 'ENOENT'], [garbage, 'PEM']]) {
      const line = await refusal(...bench.flags(port), `--tls-cert-file=${file}`, `--tls-private-key-file=${file}`);
      expect(line).toContain(`--tls-cert-file=${file} and --tls-private-key-file=${file} cannot be served with`);
      expect(line).toContain(why);
    }
  });

  test.each(['--client-ca-file', '--requestheader-client-ca-file', '--kubelet-certificate-authority'])('a CA bundle of %s', async (flag) => {
    expect(await refusal(...bench.flags(port), `${flag}=/nowhere`)).toBe(`${flag}=/nowhere cannot be read (ENOENT); check the path and its permissions`);
    const garbage = bench.write('garbage.pem', 'garbage');
    expect(await refusal(...bench.flags(port), `${flag}=${garbage}`))
      .toBe(`${flag}=${garbage} holds no certificate in PEM; give a file with CA certificates in PEM`);
    const empty = bench.write('empty.pem', '');
    expect(await refusal(...bench.flags(port), `${flag}=${empty}`)).toMatch(`${flag}=${empty} cannot be read (${empty} is empty)`);
  });

  test('a client certificate for kubelets', async () => {
    const garbage = bench.write('garbage.pem', 'garbage');
    expect(await refusal(...bench.flags(port), `--kubelet-client-certificate=${garbage}`, `--kubelet-client-key=${garbage}`))
      .toMatch(/^--kubelet-client-certificate=\S+ and --kubelet-client-key=\S+ cannot be used \(.+\); give a certificate and its key, both in PEM$/);
  });
});

test('--version, --help: that is written, and no mistake', async () => {
  for (const [flag, output] of [['--version', /^v\d+\.\d+\.\d+\n$/], ['--help', /--metric-resolution duration/]] as const) {
    const runtime = bench.run(flag);
    expect(await runtime.exitCode).toBe(0);
    expect(runtime.stdout).toMatch(output);
    expect(runtime.stderr).toBe('');
  }
});
