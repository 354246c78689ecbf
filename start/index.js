// Bundles main.ts and runs it in this process, so that `npm start` needs Node and node_modules and nothing built before.
const path = require('node:path');
const { buildSync } = require('esbuild');

const root = path.join(__dirname, '..');
const outfile = path.join(root, 'build', 'start.js');

process.chdir(root);
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
