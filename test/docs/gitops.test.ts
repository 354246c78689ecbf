import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { codeBlocks } from './code-blocks';
import { FLAGS } from '../../src/_facts/flags';
import { FIELD_MANAGER } from '../../src/_facts/rights';
import * as library from '../../src/index';
import { compile } from '../cli/from-helm/compile';

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

describe('the program for two clusters', () => {
  const [program] = codeBlocks('docs/gitops.md', 'ts', '## Many clusters');

  test('compiles', () => {
    expect(compile([{ name: 'clusters', text: program }])).toEqual([]);
  });

  test('writes the folders that the guide names, and the APIServices that it says the runtime writes to', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'clusters-'));
    const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
    const modules = (name: string) => name === 'cdk8s' ? jest.requireActual('cdk8s') : library;
    new Function('exports', 'require', 'process', outputText)({}, modules, { env: { CDK8S_OUTDIR: outdir } });
    const filesIn = (folder: string) => readdirSync(folder.replace('dist', outdir));
    const named = [...guide.matchAll(/`(dist\/production\/\S+)`/g)].map(([, folder]) => folder);
    const objects = named.flatMap(filesIn).map((file) => file.replace('.k8s.yaml', ''));
    rmSync(outdir, { recursive: true });

    expect(named).toHaveLength(2);
    const [table] = guide.split('<!-- drift');
    for (const name of objects.filter((one) => one.startsWith('APIService.'))) expect(table).toContain(`\`${name.slice('APIService.'.length)}\``);
    expect(objects).toEqual(expect.arrayContaining(['Deployment.metrics-server', 'Secret.metrics-adapter-serving-certificate', 'APIService.v1beta1.external.metrics.k8s.io']));
  });
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
