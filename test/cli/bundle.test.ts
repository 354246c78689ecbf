import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { buildSync } from 'esbuild';
import { readPackage } from '../../src/_package';
import { kubeconfig } from '../runtime/main/runtime-process';

const ROOT = path.join(__dirname, '..', '..');

/** The package as it is installed: the command's bundle beside the library. */
describe('the bundled command', () => {
  let directory: string;

  beforeAll(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cli-'));
    fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(directory, 'package.json'));
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(directory, 'node_modules'));
    const bundle = (entry: string, outfile: string) => buildSync({
      entryPoints: [path.join(ROOT, entry)],
      outfile: path.join(directory, outfile),
      bundle: true,
      platform: 'node',
      target: 'node20',
      external: ['cdk8s', 'constructs'],
      logLevel: 'silent',
    });
    bundle('src/index.ts', 'lib/index.js');
    bundle('src/cli/main.ts', 'assets/cli/index.js');
    bundle('src/runtime/main.ts', 'assets/runtime/main/index.js');
  });

  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

  const run = (args: string[], input: string | Buffer = '') => spawnSync(
    process.execPath, [path.join(directory, 'assets', 'cli', 'index.js'), ...args], { cwd: directory, encoding: 'utf8', input },
  );

  test('is a program of its own', () => {
    expect(fs.readFileSync(path.join(directory, 'assets', 'cli', 'index.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(run(['help'])).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('from-helm') });
  });

  test('knows its version', () => {
    expect(run(['--version'])).toMatchObject({ status: 0, stdout: `${readPackage().version}\n` });
  });

  test('reads standard input, and evaluates the program that it prints', () => {
    const { status, stdout, stderr } = run(['from-helm', '-', '--release', 'prod'], 'replicas: 2\n');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('replicas: 2,');
    expect(stdout).toContain('kubectl delete deployment prod-metrics-server -n kube-system --cascade=orphan');
  });

  test('writes a file', () => {
    expect(run(['from-helm', '-', '-o', 'chart.ts'])).toMatchObject({ status: 0, stdout: '' });
    expect(fs.readFileSync(path.join(directory, 'chart.ts'), 'utf8')).toContain('new MetricsServer(');
  });

  test('makes a project for a provider of metrics once, and touches none that is there', () => {
    expect(run(['new-provider', 'made/queue-metrics'])).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('cd made/queue-metrics\n') });
    const manifest = path.join(directory, 'made', 'queue-metrics', 'package.json');
    expect(JSON.parse(fs.readFileSync(manifest, 'utf8')).name).toBe('queue-metrics');
    fs.writeFileSync(manifest, 'mine');
    expect(run(['new-provider', 'made/queue-metrics'])).toMatchObject({
      status: 2, stdout: '', stderr: 'made/queue-metrics/package.json cannot be written: there is one already\n',
    });
    expect(fs.readFileSync(manifest, 'utf8')).toBe('mine');
  });

  test('ends with 1 where a value could not be said, and prints the rest', () => {
    const { status, stdout, stderr } = run(['from-helm', '-'], 'rbac: { pspEnabled: true }\n');
    expect({ status, stderr }).toEqual({
      status: 1, stderr: 'standard input:1: rbac.pspEnabled is not translated: Kubernetes 1.25 removed PodSecurityPolicies\n',
    });
    expect(stdout).toContain('new MetricsServer(');
  });

  test('runs the doctor of the runtime that is packed beside it', () => {
    expect(run(['doctor', '--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('metrics-server doctor [flags]') });
    expect(run(['doctor', '--kubeconfig=none'])).toMatchObject({
      status: 2, stdout: '', stderr: 'Error: kubeconfig none: cannot be read (ENOENT); check the path and its permissions\n',
    });
    fs.writeFileSync(path.join(directory, 'dead.kubeconfig'), kubeconfig('https://127.0.0.1:1'));
    const { status, stdout } = run(['doctor', '--kubeconfig=dead.kubeconfig', '--output=json']);
    expect([status, JSON.parse(stdout).findings[0].saw]).toEqual([3, 'API server 127.0.0.1:1: connection refused']);
  });

  test.each([
    ['a file that is not there', ['from-helm', 'none.yaml'], '', /^none\.yaml cannot be read: there is no such file\n$/],
    ['a folder', ['from-helm', '.'], '', /^\. cannot be read: it is a folder\n$/],
    ['a folder to write to that is not there', ['from-helm', '-', '-o', 'none/chart.ts'], '', /^none\/chart\.ts cannot be written: there is no such folder\n$/],
    ['text of PowerShell, which is UTF-16', ['from-helm', '-'], Buffer.from('\uFEFFreplicas: 2\n', 'utf16le'), /^- cannot be read: it is no text in UTF-8[^\n]*\n$/],
    ['YAML that is none', ['from-helm', '-'], 'replicas: [', /^standard input:1: [^\n]*\n$/],
  ])('ends with 2 and one line for %s', (_: string, args: string[], input: string | Buffer, message: RegExp) => {
    const { status, stdout, stderr } = run(args, input);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
