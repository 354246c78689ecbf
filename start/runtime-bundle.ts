import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { Failure } from './failure';

/** The runtime as it is shipped. */
export const RUNTIME_BUNDLE = path.join('assets', 'runtime', 'main', 'index.js');
const SOURCES = [path.join('src', 'runtime'), path.join('src', '_facts'), 'package.json'];
const BUNDLE_TASK = 'bundle:runtime/main';

/** Bundles the runtime with the build's own options, unless the bundle is newer than its sources. */
export async function bundleRuntime(): Promise<void> {
  const bundledMs = fs.existsSync(RUNTIME_BUNDLE) ? fs.statSync(RUNTIME_BUNDLE).mtimeMs : 0;
  if (bundledMs > Math.max(...SOURCES.map(newestMs))) return;
  const { tasks } = JSON.parse(fs.readFileSync(path.join('.projen', 'tasks.json'), 'utf8'));
  const [esbuild, ...args] = tasks[BUNDLE_TASK].steps[0].execArgs;
  await promisify(execFile)(path.join('node_modules', '.bin', esbuild), [...args, '--log-level=error'])
    .catch((error) => { throw new Failure('the runtime does not compile', String(error.stderr || error.message).trim().split('\n')); });
}

function newestMs(file: string): number {
  const entries = fs.statSync(file).isDirectory() ? fs.readdirSync(file).map((entry) => path.join(file, entry)) : [];
  return Math.max(fs.statSync(file).mtimeMs, ...entries.map(newestMs));
}
