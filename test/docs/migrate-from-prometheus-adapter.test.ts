import { readFileSync } from 'fs';
import { App, Chart } from 'cdk8s';
import { MetricsAdapter, MetricSource } from '../../src';

const GUIDE = readFileSync('docs/migrate-from-prometheus-adapter.md', 'utf8');
const VALUES: Readonly<Record<string, string>> = {
  '--metrics-relist-interval': '1m',
  '--metrics-max-age': '5m',
  '--tls-cipher-suites': 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  '--tls-min-version': 'VersionTLS13',
};

test('the arguments that the guide puts into extraArgs are taken there', () => {
  const [, flags] = /^\| (.*) \| `extraArgs` \|$/m.exec(GUIDE)!;
  const extraArgs = flags.split(', ').map((flag) => flag.slice(1, -1)).map((flag) => `${flag}=${VALUES[flag]}`);
  const chart = new Chart(new App(), 'chart', { namespace: 'monitoring' });
  new MetricsAdapter(chart, 'metrics', { sources: [MetricSource.prometheus({ url: 'http://prometheus' })], extraArgs });

  const { spec } = (chart.toJson() as any[]).find(({ kind }) => kind === 'Deployment');
  expect(spec.template.spec.containers[0].args).toEqual(expect.arrayContaining(extraArgs));
  expect(extraArgs).toHaveLength(4);
});
