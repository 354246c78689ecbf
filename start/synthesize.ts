import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { Failure } from './failure';

const EXAMPLES = 'examples';
const BUNDLES = path.join('build', 'examples');
export const MANIFESTS = 'dist';

/** Runs every examples/<name>/main.ts and returns the manifests they wrote into dist/. */
export async function synthesizeExamples(): Promise<string[]> {
  const names = fs.readdirSync(EXAMPLES).filter((name) => fs.existsSync(path.join(EXAMPLES, name, 'main.ts')));
  await bundle(names);
  // File systems keep times in their own grain: a second is coarse enough for each.
  const startedMs = Date.now() - 1000;
  await Promise.all(names.map(run));
  return fs.readdirSync(MANIFESTS)
    .filter((file) => file.endsWith('.k8s.yaml'))
    .map((file) => path.join(MANIFESTS, file))
    .filter((file) => fs.statSync(file).mtimeMs >= startedMs);
}

async function bundle(names: readonly string[]): Promise<void> {
  await build({
    entryPoints: Object.fromEntries(names.map((name) => [name, path.join(EXAMPLES, name, 'main.ts')])),
    outdir: BUNDLES,
    bundle: true,
    packages: 'external',
    alias: { 'cdk8s-metrics-server': path.resolve('src', 'index.ts') },
    // The constructs read package.json beside their own directory.
    define: { __dirname: JSON.stringify(path.resolve('src')) },
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  }).catch((error) => { throw new Failure('the examples do not compile', String(error.message).split('\n')); });
}

async function run(name: string): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [path.join(BUNDLES, `${name}.js`)], { env: { ...process.env, CDK8S_OUTDIR: MANIFESTS } });
  } catch (error) {
    throw new Failure(`${path.join(EXAMPLES, name)} does not synthesize`, String((error as { stderr?: string }).stderr ?? error).trim().split('\n').slice(0, 10));
  }
}
