import * as fs from 'fs';
import * as path from 'path';
import { MetricsAdapter, MetricsServer } from '../../src';
import { docsUrl } from '../../src/_docs';
import { objectOf, testChart } from '../synthesize';

const ROOT = path.join(__dirname, '..', '..');
const GUIDE = fs.readFileSync(path.join(ROOT, 'docs/monitoring.md'), 'utf8');

interface Rule {
  readonly alert: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly runbook_url: string };
}

/** Of a server that has every alert. */
function rules(): readonly Rule[] {
  const chart = testChart();
  const { server } = new MetricsServer(chart, 'ms', { alertRules: {} });
  new MetricsAdapter(chart, 'metrics', { host: server });
  return objectOf(chart, 'PrometheusRule').spec.groups[0].rules;
}

test('docs/monitoring.md lists each alert, with its severity', () => {
  const listed = [...GUIDE.matchAll(/^\| \[`(\w+)`\]\(#\w+\) \| (critical|warning) \|/gm)].map(([, alert, severity]) => ({ alert, severity }));

  expect(listed).toEqual(rules().map(({ alert, labels: { severity } }) => ({ alert, severity })));
});

test.each(rules().map((rule) => [rule.alert, rule] as const))('%s has a runbook: a section of docs/monitoring.md with the first commands', (alert, { annotations }) => {
  const [page, anchor] = annotations.runbook_url.split('#');
  const section = GUIDE.split(/^##+ /m).find((text) => text.startsWith(`${alert}\n`));

  expect([page, anchor]).toEqual([docsUrl('monitoring.md'), alert.toLowerCase()]);
  expect(section).toMatch(/^.*\n\n\w[^]+\n```sh\nkubectl /);
});

test('docs/monitoring.md has the default of each threshold', () => {
  const source = fs.readFileSync(path.join(ROOT, 'src/monitoring/alert-rules.ts'), 'utf8');
  const defaults = [...source.matchAll(/@default (\S+)\n +\*\/\n +readonly (m(?:ax|in)\w+)/g)]
    .map(([, value, threshold]) => `\`${threshold}\`, ${value.replace(/^Duration\.(\w+)\((\d+)\)$/, '$2 $1')}`);

  expect(defaults).toHaveLength(5);
  expect([...GUIDE.matchAll(/(`m(?:ax|in)\w+`, [^|]+?) \|$/gm)].map(([, threshold]) => threshold)).toEqual(defaults);
});
