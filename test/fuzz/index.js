// npm run fuzz [-- --minutes 10] [names]: bundles main.ts and runs it in this process, so that nothing has to be built before.
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { buildSync } = require('esbuild');

const root = path.join(__dirname, '..', '..');
const outfile = path.join(root, 'build', `fuzz-${process.pid}.js`);

process.chdir(root);
execFileSync(process.execPath, ['projenrc/webassembly.mjs'], { stdio: 'inherit' });
buildSync({
  absWorkingDir: root,
  entryPoints: ['test/fuzz/main.ts'],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.on('exit', () => require('node:fs').rmSync(outfile, { force: true }));
require(outfile);
