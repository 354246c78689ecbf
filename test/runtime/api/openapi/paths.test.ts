import { listPath } from '../../../../src/runtime/api/openapi/paths';

test.each([
  ['metrics.k8s.io', 'v1beta1', 'metrics_v1beta1', 'listMetricsV1beta1NodeMetrics'],
  ['custom.metrics.k8s.io', 'v1beta2', 'customMetrics_v1beta2', 'listCustomMetricsV1beta2NodeMetrics'],
])('operations of %s/%s are tagged %s', (group, version, tag, operationId) => {
  const path = listPath({ group, version, kind: 'NodeMetrics', scope: 'Cluster', schemaName: 'NodeMetrics' });
  expect(path).toMatchObject({ get: { tags: [tag], operationId } });
});
