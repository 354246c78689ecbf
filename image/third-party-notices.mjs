/**
 * Prints name, version and licence text of every package that went into a bundle, as its source map lists them.
 *
 *     node third-party-notices.mjs <bundle.js.map>
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

const [mapFile] = process.argv.slice(2);
if (!mapFile) {
  console.error('usage: node third-party-notices.mjs <bundle.js.map>');
  process.exit(2);
}

const { sources } = JSON.parse(fs.readFileSync(mapFile, 'utf8'));
const folders = new Set(sources.map(packageFolderOf).filter(Boolean));

for (const folder of [...folders].sort()) {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const texts = fs.readdirSync(folder).filter((file) => /^(licen[cs]e|copyright|notice)/i.test(file)).sort();
  if (texts.length === 0) {
    console.error(`${name}@${version} is part of the bundle but carries no licence file: its notice has to be added by hand`);
    process.exit(1);
  }
  console.log(`${'-'.repeat(80)}\n${name} ${version} (${license})\n`);
  texts.forEach((file) => console.log(`${fs.readFileSync(path.join(folder, file), 'utf8').trim()}\n`));
}

function packageFolderOf(source) {
  const file = path.resolve(path.dirname(mapFile), source);
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}
