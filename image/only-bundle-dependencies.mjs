/**
 * Cuts package.json in the working directory down to what `projen bundle` needs, so that `npm ci` in the image's build
 * stage installs a few packages instead of the whole toolchain. package-lock.json stays as it is: it pins each version
 * and its integrity. A package that the runtime imports and this list lacks ends the bundling with its name.
 */
import * as fs from 'node:fs';

const bundler = ['projen', 'constructs', 'esbuild', 'assemblyscript'];
const bundled = ['@peculiar/x509', 'reflect-metadata', 'yaml'];

const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
const isNeeded = ([name]) => bundler.includes(name) || bundled.includes(name);
manifest.devDependencies = Object.fromEntries(Object.entries(manifest.devDependencies).filter(isNeeded));
delete manifest.peerDependencies;
fs.writeFileSync('package.json', JSON.stringify(manifest, null, 2));
