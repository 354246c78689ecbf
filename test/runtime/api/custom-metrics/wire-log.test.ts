import { queries, wireLog, WireLine } from './recordings';
import { recordedResources, TestAdapter } from './test-adapter';
import { groupByKey } from '../../../../src/_facts/group-by-key';
import { customMetricsApi } from '../../../../src/runtime/api/custom-metrics/custom-metrics-api';
import { CUSTOM_METRICS_VERSIONS } from '../../../../src/runtime/api/custom-metrics/group-version';
import { externalMetricsApi } from '../../../../src/runtime/api/external-metrics/external-metrics-api';
import { metricsApi } from '../../../../src/runtime/api/metrics/metrics-api';
import { ResourceMapping } from '../../../../src/runtime/custom-metrics/objects';
import { ManualClock } from '../../manual-clock';
import { Answer } from '../../server/client';
import { createTestPki, TestPki, TestServer } from '../../server/test-server';
import { pod, registryOf, usageOf } from '../metrics/cluster';

let pki: TestPki;
let server: TestServer;

/** custom-metrics-apiserver says `/v1` of core kinds. Only so can bytes be compared. */
const core = {
  mapping: async (resource: ResourceMapping['groupResource']) => {
    const mapping = await recordedResources.mapping(resource);
    return mapping?.apiVersion === 'v1' ? { ...mapping, apiVersion: '/v1' } : mapping;
  },
};

const clock = new ManualClock();
const usage = usageOf({}, {});

beforeAll(async () => {
  pki = await createTestPki();
  const adapter = new TestAdapter();
  server = await TestServer.start(pki, {
    groupVersions: [
      ...CUSTOM_METRICS_VERSIONS.map((version) => customMetricsApi({ version, provider: adapter, objects: core })),
      externalMetricsApi(adapter),
      metricsApi({
        version: 'v1beta1',
        clock,
        nodes: registryOf(),
        pods: registryOf(pod('default', 'web-x', { app: 'web' })),
        usage: {
          ...usage,
          pod: () => ({ timestampMs: clock.now(), windowNanoseconds: 15e9, containers: [{ name: 'c', cpuNanocores: 250e6, memoryBytes: 20 * 1024 ** 2 }] }),
        },
      }),
    ],
  });
});

afterAll(() => server.stop());

function replay({ path, headers: { host: _, ...headers } }: WireLine, more: Record<string, string> = {}): Promise<Answer> {
  return server.ask(path, { headers: { ...headers, ...more }, identity: pki.frontProxy });
}

const byPath = groupByKey(wireLog().map((line) => [line.path, line]));
const lines = (path: RegExp) => [...byPath].filter(([one]) => path.test(one));

test('the log is all there', () => {
  expect([...byPath.values()].flat()).toHaveLength(301);
});

describe('what autoscalers ask for is answered byte for byte', () => {
  test.each(lines(/^\/apis\/(?:custom|external)\.metrics\.k8s\.io\/v\w+\/namespaces/))('%s', async (_path, recorded) => {
    for (const line of recorded) {
      const { status, headers, body } = await replay(line);
      expect({ status, type: headers['content-type'], body }).toEqual({ status: line.status, type: line.answerHeaders['content-type'], body: line.body });
    }
  });

  test.each(lines(/^\/apis\/metrics\.k8s\.io\/v1beta1\/namespaces/))('%s by a stand-in: as it was, with labels and a time of its own', async (_path, recorded) => {
    for (const line of recorded) {
      const expected = JSON.parse(line.body);
      clock.advance(Date.parse(expected.items[0].timestamp) - clock.now());
      const { status, body } = await replay(line, { accept: '*/*' });
      const answered = JSON.parse(body);
      for (const { items: [{ metadata }] } of [answered, expected]) metadata.creationTimestamp = metadata.labels = undefined;
      expect({ status, answered }).toEqual({ status: line.status, answered: expected });
    }
  });
});

describe('what kube-apiserver asks for is answered, without what went wrong', () => {
  test.each(lines(/^\/apis\/\S+\/v[^/]+$/))('%s: what stands for no metrics has a name that can be one', async (_path, recorded) => {
    for (const line of recorded) {
      const { status, headers, body } = await replay(line);
      const expected = line.body.trim().replace('"/custommetrics","singularName":"","namespaced":false', '"custommetrics","singularName":"","namespaced":true');
      expect({ status, type: headers['content-type'], body: body.trim(), etag: headers.etag })
        .toEqual({ status: 200, type: 'application/json', body: expected, etag: undefined });
    }
  });

  test.each(lines(/^\/apis$/))('%s: aggregated discovery is not empty', async (_path, recorded) => {
    let etag = '';
    for (const line of recorded) {
      const { status, headers, body } = await replay(line, line.status === 304 ? { 'if-none-match': etag } : {});
      expect(status).toBe(line.status);
      etag = String(headers.etag);
      for (const name of ['vary', 'cache-control']) expect(headers[name]).toBe(line.answerHeaders[name]);
      if (status === 304) continue;
      expect(headers['content-type']).toBe(line.answerHeaders['content-type']);
      expect(JSON.parse(line.body).items).toEqual([]);
      const counts = JSON.parse(body).items.map(({ metadata, versions }: any) => (
        [metadata.name, versions.map(({ version, resources }: any) => [version, resources.length])]
      ));
      expect(counts).toEqual([
        ['custom.metrics.k8s.io', [['v1beta2', 1], ['v1beta1', 1]]],
        ['external.metrics.k8s.io', [['v1beta1', 1]]],
        ['metrics.k8s.io', [['v1beta1', 2]]],
      ]);
    }
  });

  test.each(lines(/^\/openapi/))('%s: every path is there', async (_path, recorded) => {
    let etag = '';
    for (const line of recorded) {
      const { status, headers, body } = await replay(line, line.status === 304 ? { 'if-none-match': etag } : {});
      expect({ status, type: headers['content-type'] }).toEqual({ status: line.status, type: 'application/json' });
      etag = String(headers.etag);
      if (status === 304) continue;
      expect(pathsOf(line.body).length).toBeGreaterThan(3);
      expect(pathsOf(body)).toEqual(expect.arrayContaining(pathsOf(line.body)));
    }
  });
});

/** Recorded bodies are cut. */
function pathsOf(body: string): string[] {
  return [...body.matchAll(/"(\/?apis[^"]*)":\{"(?:get|serverRelativeURL)"/g)].map(([, path]) => path);
}

/** Where custom-metrics-apiserver answers 500 for what the client did. */
const mended: readonly (readonly [path: RegExp, status: number, reason: string, message: string])[] = [
  [/metricLabelSelector=verb%3D%3D%3D$/, 400, 'BadRequest', "unable to parse requirement: found '=', expected: identifier"],
  [/foos\/\*\/x$/, 404, 'NotFound', 'the server could not find the metric x for foos *: the cluster has no resource foos'],
];

test.each(queries().map((query) => [query.path, query] as const))('curl %s', async (path, query) => {
  const { status, headers, body } = await server.ask(path, { headers: { 'user-agent': 'curl/8.0', 'x-remote-user': 'bob' }, identity: pki.frontProxy });
  const [, mendedStatus, reason, message] = mended.find(([pattern]) => pattern.test(path)) ?? [];
  const expected = mendedStatus === undefined
    ? { status: query.status, body: query.body }
    : { status: mendedStatus, body: JSON.stringify({ ...JSON.parse(query.body), message, reason, code: mendedStatus }) };
  expect({ status, type: headers['content-type'], body: JSON.parse(body) }).toEqual({ ...expected, type: query.contentType, body: JSON.parse(expected.body) });
  if (mendedStatus === undefined) expect(body.trim()).toBe(query.body);
});
