import * as fs from 'fs';
import * as path from 'path';
import { Image, MetricsAdapter, MetricsServer, MetricsServerProps, ServingCertificate } from '../../src';
import { Manifest } from '../golden/compare-manifests';
import { readsOf } from '../promql';
import { servedMetrics } from '../served-metrics';
import { objectOf, testChart } from '../synthesize';

/** Labels that Prometheus gives to each series of a target. */
const TARGET_LABELS = ['job', 'namespace', 'instance'];

interface Query {
  readonly of: string;
  readonly expr: string;
  /** Text with templates in which labels of the result may stand. */
  readonly text: string;
}

const COMPANION = queriesOf({});
const UPSTREAM = queriesOf({ image: Image.upstream('v0.9.0'), servingCertificate: ServingCertificate.insecureSkipTlsVerify() });

describe('with the companion image', () => {
  let served: Map<string, ReadonlySet<string>>;

  beforeAll(async () => {
    served = await servedMetrics();
    // Prometheus adds this one itself.
    served.set('up', new Set());
  }, 60_000);

  test.each(COMPANION)('$of reads what the runtime serves: $expr', ({ expr, text }) => {
    const { selectors, grouping } = readsOf(expr);
    for (const { metric, labels } of selectors) {
      expect([...served.keys()]).toContain(metric);
      expect([...served.get(metric)!, ...TARGET_LABELS]).toEqual(expect.arrayContaining([...labels]));
      expect(labels).toEqual(expect.arrayContaining(['job', 'namespace']));
    }
    const known = [...selectors.flatMap(({ metric }) => [...served.get(metric)!]), ...TARGET_LABELS];
    expect(known).toEqual(expect.arrayContaining([...grouping, ...labelsIn(text)]));
  });

  test.each(COMPANION.filter(({ expr }) => /\bby \(/.test(expr)))('$of names only labels that are left after grouping', ({ expr, text }) => {
    expect(readsOf(expr).grouping).toEqual(expect.arrayContaining(labelsIn(text)));
  });
});

describe('with metrics-server v0.9.0', () => {
  const families = [...fs.readFileSync(path.join(__dirname, '../golden/metrics-server-v0.9.0/metric-families.txt'), 'utf8').matchAll(/^# TYPE (\w+)/gm)]
    .map(([, name]) => name);

  test.each(UPSTREAM)('$of reads what that serves: $expr', ({ expr }) => {
    for (const { metric } of readsOf(expr).selectors) {
      expect(['up', ...families]).toContain(metric.replace(/_(bucket|sum|count)$/, ''));
    }
  });

  test('what only the companion image serves is left out', () => {
    const names = (queries: Query[]) => queries.map(({ of }) => of);
    expect(names(COMPANION)).toEqual(expect.arrayContaining(names(UPSTREAM)));
    expect(names(UPSTREAM)).not.toContain('alert MetricsServerCertificateExpires');
    expect(names(UPSTREAM)).toContain('alert MetricsServerScrapeFailures');
  });
});

/** Labels that Go's and Grafana's templates name. */
function labelsIn(text: string): string[] {
  return [...text.matchAll(/\$labels\.(\w+)|\{\{(\w+)\}\}/g)].map(([, label, legend]) => label ?? legend);
}

function queriesOf(props: MetricsServerProps): Query[] {
  const chart = testChart();
  const { server } = new MetricsServer(chart, 'ms', { ...props, alertRules: {}, dashboard: {} });
  if (!props.image) new MetricsAdapter(chart, 'metrics', { host: server });
  const rules = objectOf(chart, 'PrometheusRule').spec.groups.flatMap((group: Manifest) => group.rules);
  const [dashboard] = Object.values<string>(objectOf(chart, 'ConfigMap', 'metrics-server-dashboard').data).map((json) => JSON.parse(json));
  return [
    ...rules.map(({ alert, expr, annotations }: Manifest) => ({ of: `alert ${alert}`, expr, text: annotations.description })),
    ...dashboard.panels.flatMap(({ title, targets }: Manifest) =>
      targets.map(({ expr, legendFormat }: Manifest) => ({ of: `panel ${title}`, expr, text: legendFormat }))),
  ];
}
