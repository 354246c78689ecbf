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
  // Some file systems keep times in whole seconds.
  const startedMs = Date.now() - 1000;
  await Promise.all(names.map((name) => synthesizeExample(name)));
  return fs.readdirSync(MANIFESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.k8s.yaml'))
    .map((file) => path.join(MANIFESTS, file))
    .filter((file) => fs.statSync(file).mtimeMs >= startedMs);
}

/** Runs examples/<name>/main.ts, which writes its charts into the directory. */
export async function synthesizeExample(name: string, directory = MANIFESTS): Promise<void> {
  const bundle = path.join(BUNDLES, `${name}.js`);
  await build({
    entryPoints: [path.join(EXAMPLES, name, 'main.ts')],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    alias: { 'cdk8s-metrics-server': path.resolve('src', 'index.ts') },
    // The constructs read package.json beside their own directory.
    define: { __dirname: JSON.stringify(path.resolve('src')) },
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  }).catch((error) => { throw new Failure(`${EXAMPLES}/${name} does not compile`, linesOf(error.message)); });
  await promisify(execFile)(process.execPath, [bundle], { env: { ...process.env, CDK8S_OUTDIR: directory } })
    .catch((error) => { throw new Failure(`${EXAMPLES}/${name} does not synthesize`, linesOf(error.stderr || error.message)); });
}

function linesOf(text: string): string[] {
  return text.trim().split('\n').slice(0, 10);
}
