// Synthesizes one example, as `node examples/run.js default`: needs Node and node_modules, and nothing built before. The manifests go to
// dist/, or where `cdk8s synth` wants them.
const path = require('node:path');
const { buildSync } = require('esbuild');

const root = path.join(__dirname, '..');
const name = process.argv[2] ?? 'default';
// The constructs look for package.json above their own directory.
const outfile = path.join(root, 'build', `example-${name}.js`);

process.env.CDK8S_OUTDIR = path.resolve(process.env.CDK8S_OUTDIR ?? path.join(root, 'dist'));
buildSync({
  absWorkingDir: root,
  entryPoints: [path.join('examples', name, 'main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  alias: {
    'cdk8s-metrics-server/runtime': path.join(root, 'src', 'runtime', 'index.ts'),
    'cdk8s-metrics-server': path.join(root, 'src', 'index.ts'),
  },
  platform: 'node',
  target: 'node20',
  logLevel: 'error',
});
require(outfile);
