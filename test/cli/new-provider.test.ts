import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { buildSync } from 'esbuild';
import { runCli } from './run-cli';
import { readPackage } from '../../src/_package';

const ROOT = path.join(__dirname, '..', '..');

// Bundles and compiles: seconds, more on a loaded machine.
jest.setTimeout(240_000);

describe('the project that new-provider makes', () => {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'new-provider-'));
  const project = path.join(parent, 'queue-metrics');
  const modules = path.join(project, 'node_modules');
  const { written, out } = runCli(['new-provider', project]);

  beforeAll(() => {
    written.forEach((text, file) => {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    });
    install();
  });

  afterAll(() => fs.rmSync(parent, { recursive: true }));

  /** What npm install would, from this tree: the package built as a release is, and what the project develops with. */
  function install(): void {
    const pkg = path.join(modules, 'cdk8s-metrics-server');
    fs.mkdirSync(path.join(pkg, 'runtime'), { recursive: true });
    fs.mkdirSync(path.join(modules, '@types'));
    for (const name of ['@types/node', 'cdk8s', 'constructs', 'typescript', 'undici-types']) {
      if (fs.existsSync(path.join(ROOT, 'node_modules', name))) fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
    }
    fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(pkg, 'package.json'));
    const bundle = (entry: string, outfile: string) => buildSync({
      absWorkingDir: ROOT, entryPoints: [entry], outfile, bundle: true, platform: 'node', target: 'node20', external: ['cdk8s', 'constructs'], logLevel: 'error',
    });
    bundle('src/index.ts', path.join(pkg, 'lib', 'index.js'));
    bundle('src/runtime/index.ts', path.join(pkg, 'runtime', 'index.js'));
    const types = execFileSync(process.execPath, ['projenrc/runtime-types.mjs', 'src/runtime/tsconfig.json', 'src/runtime/index.ts'], { cwd: ROOT });
    fs.writeFileSync(path.join(pkg, 'runtime', 'index.d.ts'), types);
    // Types of the constructs come from jsii; the sources have the same.
    fs.writeFileSync(path.join(pkg, 'lib', 'index.d.ts'), `export * from ${JSON.stringify(path.join(ROOT, 'src', 'index'))};\n`);
  }

  const run = (command: string, ...args: string[]) => execFileSync(command, args, {
    cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CDK8S_OUTDIR: undefined },
  });

  test('passes its own test', () => {
    expect(run('npm', 'test', '--silent')).toMatch(/^(?:#|ℹ) pass 3$/m);
  });

  test('fails it when the provider says something else', () => {
    const file = path.join(project, 'dist', 'src', 'provider.js');
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace('name.length', 'name.length + 1'));
    expect(() => run(process.execPath, '--test', 'dist/test/provider.test.js')).toThrow();
    fs.writeFileSync(file, text);
  });

  test('starts its server, and synthesizes its chart', () => {
    const { scripts } = JSON.parse(written.get(path.join(project, 'package.json'))!);
    const built = (script: string) => /&& node (dist\/\S+)$/.exec(scripts[script])![1];
    expect(run(process.execPath, built('start'), '--help')).toContain('queue-metrics [flags]');
    run(process.execPath, built('synth'));
    const manifest = fs.readFileSync(path.join(project, 'dist', 'chart', 'queue-metrics.k8s.yaml'), 'utf8');
    for (const line of ['image: registry.example.com/queue-metrics:0.1.0', '--shutdown-delay-duration=5s', 'replicas: 2', 'kind: PodDisruptionBudget', 'memory: 128Mi']) {
      expect(manifest).toContain(line);
    }
  });

  test('has an image with all that its server needs', () => {
    const dockerfile = fs.readFileSync(path.join(project, 'Dockerfile'), 'utf8');
    const image = path.join(parent, 'image');
    for (const [, sources, target] of dockerfile.matchAll(/^COPY --from=build (.+) (\S+)$/gm)) {
      for (const source of sources.split(' ')) {
        const from = path.join(project, path.relative('/app', source));
        fs.cpSync(from, path.join(image, target.endsWith('/') ? path.join(target, path.basename(source)) : target), { recursive: true });
      }
    }
    const [, entryPoint] = /^ENTRYPOINT \["\/nodejs\/bin\/node", "(.*)"\]$/m.exec(dockerfile)!;
    expect(execFileSync(process.execPath, [path.join(image, entryPoint), '--help'], { encoding: 'utf8' })).toContain('queue-metrics [flags]');
  });

  test('depends on the package of the version that made it, and says what comes next', () => {
    expect(JSON.parse(written.get(path.join(project, 'package.json'))!).dependencies).toEqual({ 'cdk8s-metrics-server': readPackage().version });
    for (const command of ['npm install', 'npm test', 'npm run synth']) expect(out).toContain(`  ${command}`);
  });
});
