import { discoveryPath } from '../../../../src/runtime/api/openapi/paths';

test.each([
  ['metrics.k8s.io', 'v1beta1', 'metrics_v1beta1', 'getMetricsV1beta1APIResources'],
  ['custom.metrics.k8s.io', 'v1beta2', 'customMetrics_v1beta2', 'getCustomMetricsV1beta2APIResources'],
])('operations of %s/%s are tagged %s', (group, version, tag, operationId) => {
  expect(discoveryPath({ group, version })).toMatchObject({ get: { tags: [tag], operationId } });
});
