// Bundles main.ts and runs it in this process, so that `npm start` needs Node and node_modules and nothing built before.
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { buildSync } = require('esbuild');

const root = path.join(__dirname, '..');
const outfile = path.join(root, 'build', 'start.js');

process.chdir(root);
execFileSync(process.execPath, ['projenrc/webassembly.mjs'], { stdio: 'inherit' });
buildSync({
  absWorkingDir: root,
  entryPoints: ['start/main.ts'],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
});
require(outfile);
