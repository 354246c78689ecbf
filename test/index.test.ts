import * as fs from 'fs';
import * as path from 'path';

const SOURCES = path.join(__dirname, '..', 'src');

describe('the package exports', () => {
  const exported = [...fs.readFileSync(path.join(SOURCES, 'index.ts'), 'utf8').matchAll(/^export \* from '\.\/(.+)';$/gm)].map(([, file]) => file);

  test('every public file once, in the order of the alphabet', () => {
    // Files of our own begin with an underscore.
    const files = fs.readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => /^(?!runtime|cli|_)[a-z-]+\/[^_][^/]*\.ts$/.test(file));

    expect(exported).toEqual(files.map((file) => file.slice(0, -'.ts'.length)).sort());
  });
});
