const { execFileSync } = require('node:child_process');
const { rmSync } = require('node:fs');
const path = require('node:path');
const { buildSync } = require('esbuild');

const root = path.join(__dirname, '..');

/** Bundles a program of this repository and runs it in this process, so that it needs Node and node_modules and nothing built before. */
module.exports = (program) => {
  const outfile = path.join(root, 'build', `${program.replaceAll('/', '-')}-${process.pid}.js`);
  process.chdir(root);
  execFileSync(process.execPath, ['projenrc/webassembly.mjs'], { stdio: 'inherit' });
  buildSync({
    absWorkingDir: root,
    entryPoints: [`${program}.ts`],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  process.on('exit', () => rmSync(outfile, { force: true }));
  require(outfile);
};
