import { readFileSync } from 'fs';
import { join } from 'path';

const guide = readFileSync(join(__dirname, '../../docs/rotation.md'), 'utf8');
const rows = [...guide.matchAll(/^\| (.+) \| (.+) \| (.+) \| (\S+): (.+) \|$/gm)].map(([, what, , , file, title]) => [what, file, title]);

test('everything that rotates has a row', () => {
  expect(rows).toHaveLength(guide.split('\n').filter((line) => /^\| (?!what )/.test(line)).length);
});

test.each(rows)('%s: the test that the guide names is there', (_what, file, title) => {
  const titles = readFileSync(join(__dirname, '..', `${file}.ts`), 'utf8').split('\n').filter((line) => /\btest\b|\]\)\(/.test(line));
  expect(titles.filter((line) => line.includes(title))).not.toEqual([]);
});
