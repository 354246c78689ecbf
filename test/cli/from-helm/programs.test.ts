import * as fs from 'fs';
import * as path from 'path';
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CHART_DIRECTORY } from './chart-values';
import { compile } from './compile';
import { Manifest, parseManifests } from '../../golden/compare-manifests';
import { runCli } from '../run-cli';

const GOLDEN = path.join(__dirname, '..', '..', 'golden', 'from-helm');
const CHART_VALUES = path.join(CHART_DIRECTORY, 'values');

const valueSets = [CHART_VALUES, GOLDEN].flatMap((directory) => fs.readdirSync(directory).filter((file) => file.endsWith('.yaml')).sort()
  .map((file) => ({ name: path.basename(file, '.yaml'), file: path.join(directory, file) })));
const rendered = valueSets.filter(({ file }) => path.dirname(file) === CHART_VALUES);

/** Values that cannot all be said. */
const INCOMPLETE = ['existing-secret-without-ca', 'tls-helm', 'untranslatable'];

test('every program compiles', () => {
  const names = [...valueSets.map(({ name }) => name), 'by-argo-cd', 'by-flux'];
  expect(compile(names.map((name) => ({ name, text: fs.readFileSync(path.join(GOLDEN, `${name}.ts`), 'utf8') })))).toEqual([]);
});

test.each(['argo-cd', 'flux'])('a program for %s compiles and synthesizes', async (tool) => {
  const golden = path.join(GOLDEN, `by-${tool}.ts`);
  const { out } = runCli(['from-helm', path.join(GOLDEN, 'addon-resizer.yaml'), '--git-ops', tool]);
  if (process.env.UPDATE_GOLDEN) fs.writeFileSync(golden, out);

  expect(out).toBe(fs.readFileSync(golden, 'utf8'));
  const objects = await synthesized(golden);
  expect(objects).toContainEqual(expect.objectContaining({ kind: 'Deployment' }));
  // Flux's APIServices are in a chart of their own.
  expect(namesOf(objects, 'APIService')).toEqual(tool === 'flux' ? [] : ['v1beta1.metrics.k8s.io']);
});

describe.each(valueSets)('the values $name', ({ name, file }) => {
  const golden = path.join(GOLDEN, `${name}.ts`);

  test('become this program', () => {
    const { code, out, errors } = runCli(['from-helm', file]);
    // Written by hand only: UPDATE_GOLDEN=1 npx jest test/cli
    if (process.env.UPDATE_GOLDEN) fs.writeFileSync(golden, out);

    expect(out).toBe(fs.readFileSync(golden, 'utf8'));
    expect({ code, complains: errors.length > 0 }).toEqual(INCOMPLETE.includes(name) ? { code: 1, complains: true } : { code: 0, complains: false });
  });

  test('become a program that synthesizes', async () => {
    expect(await synthesized(golden)).toContainEqual(expect.objectContaining({ kind: 'Deployment' }));
  });
});

describe.each(rendered)('the release with the values $name', ({ name }) => {
  const theirs = parseManifests(fs.readFileSync(path.join(CHART_DIRECTORY, `${name}.yaml`), 'utf8'));

  test('keeps the names of its Deployment, Service, ServiceAccount and API, and the selector, which cannot be changed', async () => {
    const ours = await synthesized(path.join(GOLDEN, `${name}.ts`));

    for (const kind of ['Deployment', 'Service', 'ServiceAccount', 'APIService']) {
      expect(namesOf(ours, kind)).toEqual(expect.arrayContaining(namesOf(theirs, kind)));
    }
    expect(one(ours, 'Deployment').spec.selector).toEqual(one(theirs, 'Deployment').spec.selector);
    expect(one(ours, 'Service').spec.selector).toEqual(one(theirs, 'Service').spec.selector);
  });

  test('says what it leaves over: each object of the chart that has no counterpart', async () => {
    const ours = (await synthesized(path.join(GOLDEN, `${name}.ts`))).map(identity);
    const program = fs.readFileSync(path.join(GOLDEN, `${name}.ts`), 'utf8');
    const after = program.slice(program.indexOf('// when the new pods are ready'), program.indexOf('# Helm\'s record'));
    const deleted = [...after.matchAll(/kubectl delete (\S+) (.*?)(?: -n (\S+))?$/gm)]
      .flatMap(([, kind, names, namespace]) => names.split(' ').map((object) => `${kind} ${namespace ?? ''}/${object}`));
    // What cert-manager makes of the Certificate is in no template.
    const ofCertManager = name === 'cert-manager' ? ['secret kube-system/metrics-server'] : [];

    expect(deleted.sort()).toEqual([...theirs.map(identity).filter((object) => !ours.includes(object)), ...ofCertManager].sort());
  });

  test('says which bindings have to go first: those whose role changes', async () => {
    const ours = await synthesized(path.join(GOLDEN, `${name}.ts`));
    const rebound = theirs.filter((object) => object.roleRef
      && ours.some((other) => identity(other) === identity(object) && other.roleRef.name !== object.roleRef.name));
    const [before] = fs.readFileSync(path.join(GOLDEN, `${name}.ts`), 'utf8').split('// apply, by either of');

    for (const { metadata } of rebound) expect(before).toContain(` ${metadata.name} `);
    expect(before.includes('cannot be changed')).toBe(rebound.length > 0);
  });
});

async function synthesized(file: string): Promise<Manifest[]> {
  const { MetricsServerChart } = await import(file) as { MetricsServerChart: new (scope: Construct, id: string) => Chart };
  const chart = new MetricsServerChart(new App(), 'chart');
  expect(chart.node.findAll().flatMap(({ node }) => node.validate())).toEqual([]);
  return chart.toJson();
}

function identity({ kind, metadata }: Manifest): string {
  return `${kind.toLowerCase()} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function namesOf(objects: Manifest[], kind: string): string[] {
  return objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
}

function one(objects: Manifest[], kind: string): Manifest {
  return objects.find((object) => object.kind === kind)!;
}
