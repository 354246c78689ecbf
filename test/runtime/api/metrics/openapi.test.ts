import { metricsOpenApi } from '../../../../src/runtime/api/metrics/openapi';
import { goldenJson } from '../golden';

/** Everything but the words. A reference with words of its own is that reference. */
function structure(value: any): any {
  if (Array.isArray(value)) return value.map(structure);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key, member]) => key !== 'description' || typeof member === 'object');
  if (members.length === 1 && members[0][0] === 'allOf') return structure(value.allOf[0]);
  return Object.fromEntries(members.map(([key, member]) => [key, structure(member)]));
}

/** Without the discovery document, which the generic server describes. */
function withoutDiscovery(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([key]) => !key.endsWith('/v1beta1/') && !/APIResource(List)?$/.test(key)));
}

const upstream = goldenJson('openapi-v3-metrics-v1beta1.json');

test('v1beta1 has the paths of metrics-server', () => {
  expect(structure(metricsOpenApi('v1beta1').paths)).toEqual(structure(withoutDiscovery(upstream.paths)));
});

test('v1beta1 has the schemas of metrics-server', () => {
  expect(structure(metricsOpenApi('v1beta1').schemas)).toEqual(structure(withoutDiscovery(upstream.components.schemas)));
});

test('v1 is v1beta1 under another name', () => {
  const renamed = JSON.stringify(metricsOpenApi('v1beta1')).replaceAll('V1beta1', 'V1').replaceAll('v1beta1', 'v1');
  expect(metricsOpenApi('v1')).toEqual(JSON.parse(renamed));
});

test.each(['v1', 'v1beta1'] as const)('every reference of %s is defined in the fragment, and every schema is used', version => {
  const { paths, schemas } = metricsOpenApi(version);
  const referred = [...JSON.stringify({ paths, schemas }).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
  expect([...new Set(referred)].sort()).toEqual(Object.keys(schemas).sort());
});

test('`kubectl explain podmetrics` finds the kind and a text for each field', () => {
  const schemas: any = metricsOpenApi('v1').schemas;
  const podMetrics = schemas['io.k8s.metrics.pkg.apis.metrics.v1.PodMetrics'];
  expect(podMetrics['x-kubernetes-group-version-kind']).toEqual([{ group: 'metrics.k8s.io', version: 'v1', kind: 'PodMetrics' }]);
  for (const [name, schema] of Object.entries<any>(schemas)) {
    expect([name, schema.description]).toEqual([name, expect.stringMatching(/.+\.$/)]);
    for (const [field, property] of Object.entries<any>(schema.properties ?? {})) {
      expect([name, field, property.description]).toEqual([name, field, expect.stringMatching(/.+\.$/)]);
    }
  }
});

test('descriptions are our own', () => {
  const texts = (value: any): string[] => typeof value !== 'object' || value === null ? []
    : Object.entries(value).flatMap(([key, member]) => key === 'description' && typeof member === 'string' ? [member] : texts(member));
  const theirs = new Set(texts(upstream));
  expect(texts(metricsOpenApi('v1beta1')).filter(text => theirs.has(text))).toEqual([...texts(metricsOpenApi('v1beta1'))].filter(text => text === 'OK'));
});
