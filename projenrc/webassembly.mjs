/**
 * Compiles src/runtime/assembly (AssemblyScript) and writes the module as a text that bundles and tests can load, unless that is what is there:
 *
 *     node projenrc/webassembly.mjs
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');
const SOURCES = path.join(ROOT, 'src', 'runtime', 'assembly');
const OUTPUT = path.join(ROOT, 'src', 'runtime', 'webassembly', 'module.js');
const COMPILER = path.join(ROOT, 'node_modules', 'assemblyscript', 'package.json');
const OPTIONS = ['index.ts', '-O3', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort=', '--disableWarning', '--baseDir', SOURCES, '--outFile', 'module.wasm'];

/** Compiles when anything has changed that the module depends on. Also what jest runs before all tests. */
export default async function build() {
  const files = fs.readdirSync(SOURCES).sort().map((file) => path.join(SOURCES, file));
  const hash = createHash('sha256');
  for (const file of [COMPILER, import.meta.filename, ...files]) hash.update(fs.readFileSync(file));
  const state = hash.digest('hex');
  const head = `// made by projenrc/webassembly.mjs from ${state}\n`;
  if (fs.existsSync(OUTPUT) && fs.readFileSync(OUTPUT, 'utf8').startsWith(head)) return;
  const { default: asc } = await import('assemblyscript/asc');
  let module;
  const { error, stderr } = await asc.main(OPTIONS, { writeFile: (_, content) => { module = content; } });
  if (error) throw new Error(`${stderr}${error.message}`);
  // Others may be at it at the same time.
  const unfinished = `${OUTPUT}.${process.pid}`;
  fs.writeFileSync(unfinished, `${head}module.exports = '${Buffer.from(module).toString('base64')}';\n`);
  fs.renameSync(unfinished, OUTPUT);
}

if (process.argv[1] === import.meta.filename) await build();
