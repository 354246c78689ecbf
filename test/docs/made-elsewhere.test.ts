import { readFileSync } from 'fs';
import { join } from 'path';
import { MetricsServer } from '../../src';
import { Manifest } from '../golden/compare-manifests';
import { testChart } from '../synthesize';

const guide = readFileSync(join(__dirname, '..', '..', 'docs', 'made-elsewhere.md'), 'utf8');

/** Rows of the table below a text, without their first column. */
function rows(below: string): string[] {
  const [, table] = new RegExp(`${below}[^|]*((\\|.*\\n)+)`).exec(guide)!;
  return table.trim().split('\n').slice(2).map((row) => row.split('|').slice(2, -1).map((cell) => cell.trim()).join(' | '));
}

function synthesize(nanny: boolean): Manifest[] {
  const chart = testChart();
  const { server } = new MetricsServer(chart, 'ms');
  if (nanny) server.addNanny();
  return (chart.toJson() as Manifest[])
    .filter(({ metadata: { name } }) => name !== 'system:aggregated-metrics-reader' && name.includes('nanny') === nanny);
}

const rulesOf = (objects: Manifest[]) => objects.flatMap(({ rules = [] }) => rules)
  .map(({ verbs, resources, resourceNames = [] }: any) => [verbs, resources, resourceNames].map((list) => list.join(', ')).join(' | '));

test.each([['With the defaults', false], ['A nanny', true]])('the guide lists the rights that are synthesized otherwise: %s', (below, nanny) => {
  expect(rows(below).sort()).toEqual(rulesOf(synthesize(nanny)).sort());
});

test('the guide lists the roles of Kubernetes that are bound otherwise', () => {
  const objects = synthesize(false);
  const synthesized = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const bound = objects.filter(({ roleRef }) => roleRef).map(({ roleRef }) => `${roleRef.kind} ${roleRef.name}`);

  expect(rows('Bindings to roles').sort()).toEqual(bound.filter((role) => !synthesized.includes(role)).sort());
});
