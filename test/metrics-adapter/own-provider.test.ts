import { ExtensionApiServer, MetricsAdapter, OtherAdapter, SecretRef, ServingCertificate, SourceCa } from '../../src';
import { objectOf, testChart } from '../synthesize';

/** As docs/metrics-provider.md has it. */
test('a provider of one\'s own stands behind a MetricsAdapter, which has the APIServices and verifies it by the CA in its Secret', () => {
  const chart = testChart();
  new ExtensionApiServer(chart, 'provider', {
    name: 'queue-metrics',
    namespace: 'monitoring',
    image: 'registry.example.com/queue-metrics:0.1.0',
    groupVersions: [{ group: 'external.metrics.k8s.io', version: 'v1beta1' }],
    apiServices: false,
    servingCertificate: ServingCertificate.selfManaged(),
  });
  new MetricsAdapter(chart, 'metrics', {
    namespace: 'monitoring',
    adapters: [OtherAdapter.at({
      name: 'queue-metrics',
      url: 'https://queue-metrics.monitoring.svc',
      certificateAuthority: SourceCa.secret(SecretRef.fromName('queue-metrics-serving-certificate')),
    })],
  });

  const apiServices = (chart.toJson() as any[]).filter(({ kind }) => kind === 'APIService');
  expect(apiServices.map(({ metadata, spec }) => [metadata.name, spec.service.name])).toContainEqual(['v1beta1.external.metrics.k8s.io', 'metrics-adapter']);
  expect(apiServices.map(({ spec }) => spec.service.name)).not.toContain('queue-metrics');
  expect(objectOf(chart, 'Service', 'queue-metrics').spec.ports).toMatchObject([{ port: 443 }]);
  const [{ secret }] = objectOf(chart, 'Deployment', 'metrics-adapter').spec.template.spec.volumes.find(({ name }: any) => name === 'source-files').projected.sources;
  expect(objectOf(chart, 'Secret', secret.name).metadata.namespace).toBe('monitoring');
  expect(secret.items).toEqual([{ key: 'ca.crt', path: 'secrets/queue-metrics-serving-certificate/ca.crt' }]);
});
