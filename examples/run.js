// Synthesizes one example into dist/, as `node examples/run.js default`: needs Node and node_modules, and nothing built before.
const path = require('node:path');
const { buildSync } = require('esbuild');

const root = path.join(__dirname, '..');
// The constructs look for package.json above their own directory.
const outfile = path.join(root, 'build', 'example.js');

process.chdir(root);
buildSync({
  absWorkingDir: root,
  entryPoints: [path.join('examples', process.argv[2] ?? 'default', 'main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  alias: { 'cdk8s-metrics-server': path.join(root, 'src', 'index.ts') },
  platform: 'node',
  target: 'node20',
  logLevel: 'error',
});
require(outfile);
