import { CUSTOM_METRICS_VERSIONS } from '../../../../src/runtime/api/custom-metrics/group-version';
import { customMetricsOpenApi } from '../../../../src/runtime/api/custom-metrics/openapi';
import { externalMetricsOpenApi } from '../../../../src/runtime/api/external-metrics/openapi';
import { OpenApiFragment } from '../../../../src/runtime/server/group-version';
import { toOpenApiV2 } from '../../../../src/runtime/server/openapi/openapi-v2';

const documents: [string, OpenApiFragment][] = [
  ...CUSTOM_METRICS_VERSIONS.map((version): [string, OpenApiFragment] => [version, customMetricsOpenApi(version)]), ['external', externalMetricsOpenApi],
];

test.each(documents)('%s refers to nothing that is not there', (_, { paths, schemas }) => {
  const references = [...JSON.stringify({ paths, schemas }).matchAll(/#\/components\/schemas\/([^"]+)/g)].map(([, name]) => name);
  expect(references.filter((name) => !(name in schemas))).toEqual([]);
});

test.each(documents)('%s is as small as its paths are few', (_, document) => {
  expect(JSON.stringify(document).length).toBeLessThan(24_000);
});

test('operations are called as custom-metrics-apiserver calls them', () => {
  const ids = ({ paths }: OpenApiFragment) => Object.values(paths).map((path: any) => path.get.operationId);
  expect(ids(customMetricsOpenApi('v1beta1'))).toEqual([
    'readCustomMetricsV1beta1MetricValueForNamespace', 'listCustomMetricsV1beta1NamespacedMetricValue', 'listCustomMetricsV1beta1MetricValue',
  ]);
});

test('the versions say where each has name, selector and window', () => {
  const properties = (version: 'v1beta1' | 'v1beta2') => {
    const { schemas } = customMetricsOpenApi(version);
    return Object.keys((schemas[`io.k8s.metrics.pkg.apis.custom_metrics.${version}.MetricValue`] as any).properties).filter((name) => !['kind', 'apiVersion'].includes(name));
  };
  expect(properties('v1beta1')).toEqual(['describedObject', 'metricName', 'timestamp', 'window', 'value', 'selector']);
  expect(properties('v1beta2')).toEqual(['describedObject', 'metric', 'timestamp', 'windowSeconds', 'value']);
});

test.each(documents)('%s as OpenAPI v2 defines no type that kube-apiserver has: it would rename what differs', (_, { paths, schemas }) => {
  const { definitions } = toOpenApiV2({ paths, schemas }, {}) as { definitions: Record<string, unknown> };
  expect(Object.keys(definitions).filter((name) => !name.startsWith('io.k8s.metrics.'))).toEqual([]);
});
