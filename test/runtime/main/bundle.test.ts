import * as path from 'path';
import { buildSync } from 'esbuild';

const ROOT = path.join(__dirname, '..', '..', '..');

/** As `projen bundle` makes it. */
const { outputFiles: [{ text }], metafile } = buildSync({
  entryPoints: ['src/runtime/main.ts'],
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  tsconfig: 'src/runtime/tsconfig.json',
  write: false,
  metafile: true,
  logLevel: 'silent',
});

/** Evaluated before the first flag is read. */
function loadedAtStart(): Set<string> {
  const loaded = new Set(['src/runtime/main.ts']);
  for (const file of loaded) {
    const { imports } = metafile.inputs[file];
    imports.filter(({ kind, external }) => kind !== 'dynamic-import' && !external).forEach(({ path: imported }) => loaded.add(imported));
  }
  return loaded;
}

test('its text takes a byte for each character: with one that is not Latin-1, as in a comment of a class, V8 takes two', () => {
  expect(text.split('\n').filter((line) => /[^\0-\xff]/.test(line))).toEqual([]);
});

test('what the usual pod does not need is loaded when it is asked for', () => {
  const loaded = [...loadedAtStart()];

  expect(loaded).toContain('src/runtime/scrape/scraper.ts');
  const onDemand = [
    'api/custom-metrics', 'api/external-metrics', 'configuration-file', 'configured-metrics', 'doctor', 'explain', 'kubelet-serving-approver', 'metric-sources',
    'metrics-adapter', 'other-adapters', 'prometheus',
  ].map((folder) => `src/runtime/${folder}/`).concat('src/_facts/go-template/');
  const early = loaded.filter((file) => file.includes('node_modules') || onDemand.some((folder) => file.startsWith(folder)));
  // Whatever ends the program asks whether it was one of these.
  expect(early).toEqual(['src/runtime/configuration-file/configuration-error.ts']);
});
