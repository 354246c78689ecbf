import * as fs from 'fs';
import * as path from 'path';
import { docsUrl } from '../../src/_docs';

const ROOT = path.join(__dirname, '..', '..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const filesIn = (folder: string, pattern: RegExp) => fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter((file) => pattern.test(file)).map((file) => path.posix.join(folder, file)).sort();
const linksOf = (text: string) => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
/** As GitHub makes anchors of them. */
const headingsOf = (page: string) => [...read(page).matchAll(/^#+ (.+)$/gm)]
  .map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));

test('README.md leads to every page of docs, and has each page once in its table', () => {
  const table = read('README.md').split('## Where to look')[1];
  const rows = [...table.matchAll(/^\| \[[^\]]+\]\(([^)]+)\)/gm)].map(([, link]) => link);

  expect(rows).toEqual(expect.arrayContaining([...fs.readdirSync(path.join(ROOT, 'docs')).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`), 'docs/rules/README.md']));
  expect(new Set(rows).size).toBe(rows.length);
});

test.each(['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'examples/README.md', ...filesIn('docs', /\.md$/)])('%s links to nothing that is not there', (page) => {
  const targets = linksOf(read(page)).filter((link) => !/^(https?:|#)/.test(link)).map((link) => path.join(ROOT, path.dirname(page), link.split('#')[0]));

  expect(targets.filter((target) => !fs.existsSync(target))).toEqual([]);
});

test.each(filesIn('docs', /\.md$/))('%s links to headings that are there', (page) => {
  // API.md is generated, with anchors of its own.
  const anchored = linksOf(read(page)).filter((link) => /^(?!https?:|\.\.\/API)[^#]*#/.test(link));
  const missing = anchored.filter((link) => {
    const [file, anchor] = link.split('#');
    return !headingsOf(file === '' ? page : path.posix.join(path.posix.dirname(page), file)).includes(anchor);
  });

  expect(missing).toEqual([]);
});

test('what the package says of docs is an address, since the package has no docs, and of a page that is there', () => {
  const published = filesIn('src', /\.ts$/).filter((file) => !/\/_/.test(file) && !file.startsWith('src/runtime/'));
  const named = published.flatMap((file) => [...read(file).matchAll(/(https:\S*)?\bdocs\/[\w/-]+\.md/g)].map(([address]) => address));
  const base = docsUrl('');

  expect(named).not.toEqual([]);
  expect(named.filter((address) => !address.startsWith(base) || !fs.existsSync(path.join(ROOT, 'docs', address.slice(base.length))))).toEqual([]);
});
