import { readFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { FLAGS } from '../../src/_facts/flags';
import { FIELD_MANAGER } from '../../src/_facts/rights';

const read = (path: string) => readFileSync(join(__dirname, '..', '..', path), 'utf8');
const guide = read('docs/gitops.md');

test.each([...guide.matchAll(/<!-- file: (\S+) -->\n```\w+\n([\s\S]*?)```/g)].map(([, path, text]) => [path, text]))(
  'the guide shows %s, but for its comments', (path, text) => {
    expect(text).toBe(read(path).replace(/^\/\/.*\n/gm, ''));
  });

test('the guide shows an Application and two Kustomizations that need no ignore rule', () => {
  const documents = ['examples/argo-cd/application.yaml', 'examples/flux/kustomizations.yaml']
    .flatMap((path) => parseAllDocuments(read(path)).map((document) => document.toJS()));

  expect(documents.map(({ kind }) => kind)).toEqual(['Application', 'Kustomization', 'Kustomization']);
  expect(JSON.stringify(documents)).not.toMatch(/ignore|Replace=|Force=|driftIgnore/i);
  expect(documents[2].spec.dependsOn).toEqual([{ name: documents[1].metadata.name }]);
});

test('each comparison in the table of drift is made by the real engine in the e2e', () => {
  const table = guide.slice(guide.indexOf('<!-- drift'), guide.indexOf('Do not write `data'));
  const compared = [...table.matchAll(/^\| Argo CD.*?\| `([a-z-]+)`/gm)].map(([, comparison]) => comparison);
  const e2e = read('test/e2e/gitops.e2e.ts');

  expect(e2e).toContain(`ARGO_COMPARISONS = [${compared.map((comparison) => `'${comparison}'`).join(', ')}]`);
  expect(e2e).toContain("describe.each(['client-side', 'server-side'])('Argo CD, applying %s'");
  expect(e2e).toContain("'flux', 'drift'");
  expect(table.match(/\| none \|/g)).toHaveLength(compared.length + 1);
});

test('the guide names the field manager and the flag as they are', () => {
  expect(guide).toContain(`field manager \`${FIELD_MANAGER}\``);
  const flags = [...guide.matchAll(/`--([a-z-]+)=</g)].map(([, flag]) => flag);
  expect(flags).not.toEqual([]);
  expect(FLAGS.map(({ name }) => name)).toEqual(expect.arrayContaining(flags));
});
