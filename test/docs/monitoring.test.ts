import * as fs from 'fs';
import * as path from 'path';
import { MetricsAdapter, MetricsServer } from '../../src';
import { objectOf, testChart } from '../synthesize';

test('docs/monitoring.md lists each alert, with its severity', () => {
  const chart = testChart();
  const { server } = new MetricsServer(chart, 'ms', { alertRules: {} });
  new MetricsAdapter(chart, 'metrics', { host: server });
  const guide = fs.readFileSync(path.join(__dirname, '../../docs/monitoring.md'), 'utf8');
  const listed = [...guide.matchAll(/^\| `(\w+)` \| (critical|warning) \|/gm)].map(([, alert, severity]) => ({ alert, severity }));

  expect(listed).toEqual(objectOf(chart, 'PrometheusRule').spec.groups[0].rules
    .map(({ alert, labels: { severity } }: { alert: string; labels: { severity: string } }) => ({ alert, severity })));
});
