import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SEED } from '../seed';

const SECONDS = '3';

/** Ends with 1 for a finding, which is kept in the corpus. */
async function fuzz(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['test/fuzz/index.js', '--seconds', SECONDS, ...args])
    .catch((error: { stdout: string; stderr: string }) => { throw new Error(`${error.stdout}${error.stderr}`); });
  return stdout;
}

test('what others write makes nothing throw, hang or absurd: the same inputs as ever', async () => {
  expect(await fuzz('--seed', '1')).not.toMatch(/\b0 inputs/);
}, 120_000);

test('and others each time it is asked by hand', async () => {
  process.stdout.write(await fuzz('--seed', String(SEED + 1)));
}, 120_000);
