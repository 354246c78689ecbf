import { execFileSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'fs';
import { homedir, tmpdir } from 'os';
import { join, resolve } from 'path';

const BUNDLE = 'assets/runtime/main';

export interface RuntimeBundle {
  readonly file: string;
  /** What it was made from. */
  readonly commit: string;
}

/** What `projen bundle` makes of a commit, with the dependencies that are installed here; made once, outside the tree. */
export function bundleOfCommit(revision: string): RuntimeBundle {
  const commit = execFileSync('git', ['rev-parse', '--short=12', `${revision}^{commit}`], { encoding: 'utf8' }).trim();
  const bundles = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk8s-metrics-server', 'bench', 'bundles');
  const directory = join(bundles, commit);
  if (!existsSync(directory)) {
    const tree = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      execFileSync('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', commit, tree]);
      symlinkSync(resolve('node_modules'), join(tree, 'node_modules'));
      execFileSync('node_modules/.bin/projen', ['bundle'], { cwd: tree, stdio: ['ignore', 'ignore', 'inherit'] });
      mkdirSync(bundles, { recursive: true });
      execFileSync('cp', ['-r', join(tree, BUNDLE), `${directory}.new`]);
      renameSync(`${directory}.new`, directory);
    } finally {
      rmSync(tree, { recursive: true, force: true });
    }
  }
  return { file: join(directory, 'index.js'), commit };
}
