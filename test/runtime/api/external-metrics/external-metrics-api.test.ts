import { externalMetricsApi } from '../../../../src/runtime/api/external-metrics/external-metrics-api';
import { ExternalMetricInfo } from '../../../../src/runtime/custom-metrics/provider';
import { Quantity } from '../../../../src/runtime/custom-metrics/quantity';
import { Answer, Question } from '../../server/client';
import { protobufFields } from '../../server/encoding/protobuf-fields';
import { createTestPki, TestPki, TestServer } from '../../server/test-server';

const root = '/apis/external.metrics.k8s.io/v1beta1';
const timestampMs = Date.parse('2026-11-21T02:04:40Z');

let pki: TestPki;
let server: TestServer;
let listed: readonly ExternalMetricInfo[] = [];
const asked: unknown[] = [];

beforeAll(async () => {
  pki = await createTestPki();
  server = await TestServer.start(pki, {
    groupVersions: [externalMetricsApi({
      listAllExternalMetrics: () => listed,
      async getExternalMetric(namespace, selector, info) {
        asked.push({ namespace, selector: String(selector), info });
        return [
          { metricLabels: { queue: 'b', cell: 'eu' }, value: Quantity.of(42), timestampMs, windowSeconds: 60 },
          { value: Quantity.parse('1500m'), timestampMs },
        ];
      },
    })],
  });
});

afterAll(() => server.stop());

beforeEach(() => {
  asked.length = 0;
  server.reviews.length = 0;
});

function ask(path: string, question: Question = {}): Promise<Answer> {
  return server.ask(`${root}/${path}`, { identity: pki.frontProxy, ...question, headers: { 'x-remote-user': 'bob', ...question.headers } });
}

async function status(path: string, question?: Question): Promise<unknown> {
  const { body } = await ask(path, question);
  const { code, reason, message } = JSON.parse(body);
  return { code, reason, message };
}

test('a metric is asked for in a namespace, with the selector of its series', async () => {
  const { body } = await ask('namespaces/default/queue_length?labelSelector=queue+in+%28a%2Cb%29');
  expect(body).toBe(`${JSON.stringify({
    kind: 'ExternalMetricValueList',
    apiVersion: 'external.metrics.k8s.io/v1beta1',
    metadata: {},
    items: [
      { metricName: 'queue_length', metricLabels: { cell: 'eu', queue: 'b' }, timestamp: '2026-11-21T02:04:40Z', window: 60, value: '42' },
      { metricName: 'queue_length', metricLabels: {}, timestamp: '2026-11-21T02:04:40Z', value: '1500m' },
    ],
  })}\n`);
  expect(asked).toEqual([{ namespace: 'default', selector: 'queue in (a,b)', info: { metric: 'queue_length' } }]);
});

test('what a namespace means, and comparisons, are the provider\'s to say', async () => {
  await ask('namespaces/*/queue_length?labelSelector=age%3E5');
  expect(asked).toEqual([{ namespace: '*', selector: 'age>5', info: { metric: 'queue_length' } }]);
});

test('it is authorized as a list of a resource with the metric\'s name', async () => {
  await ask('namespaces/default/queue_length');
  expect(server.reviews[0].spec.resourceAttributes)
    .toEqual({ verb: 'list', group: 'external.metrics.k8s.io', version: 'v1beta1', resource: 'queue_length', namespace: 'default' });
});

test('a field selector is refused: the right to one name would give every value', async () => {
  expect(await status('namespaces/default/queue_length?fieldSelector=metadata.name%3Dx')).toEqual({
    code: 400, reason: 'BadRequest', message: 'field selectors are not supported: values of external metrics have no fields',
  });
  expect(asked).toEqual([]);
});

test('protobuf has the fields of generated.proto', async () => {
  const { bytes } = await ask('namespaces/default/queue_length', { headers: { accept: 'application/vnd.kubernetes.protobuf, */*' } });
  const field = (message: Buffer, number: number) => protobufFields(message).find(([one]) => one === number)![1] as Buffer;
  const first = field(field(bytes.subarray(4), 2), 2);
  expect(protobufFields(first).map(([number]) => number)).toEqual([1, 2, 2, 3, 4, 5]);
  expect([field(first, 1), field(field(first, 2), 1), field(field(first, 2), 2), field(field(first, 5), 1)].map(String)).toEqual(['queue_length', 'cell', 'eu', '42']);
});

describe.each(['unlisted', 'listed'])('%s metrics', (kind) => {
  beforeEach(() => {
    listed = kind === 'listed' ? [{ metric: 'm' }] : [];
  });

  test('cannot be watched', async () => {
    expect(await status('namespaces/default/m?watch=true')).toEqual({
      code: 405, reason: 'MethodNotAllowed', message: 'watch is not supported on resources of kind "*.external.metrics.k8s.io"',
    });
  });

  test('cannot be written', async () => {
    expect(await status('namespaces/default/m', { method: 'POST' })).toMatchObject({ code: 405 });
  });

  test('are refused with a selector that cannot be read', async () => {
    expect(await status('namespaces/default/m?labelSelector=%3D%3D'))
      .toEqual({ code: 400, reason: 'BadRequest', message: "found '==', expected: !, identifier, or 'end of string'" });
  });
});

test.each(['m', 'namespaces/default', 'namespaces/default/m/x', 'namespaces//m', 'namespaces/default/%2e%2e', 'namespaces/%2e/m', 'namespaces/default/status', 'namespaces/default/finalize'])('404 %s', async (path) => {
  expect(await status(path)).toEqual({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' });
  expect(asked).toEqual([]);
});

test('discovery lists the metrics as namespaced, and is never empty', async () => {
  const discovered = async () => JSON.parse((await ask('')).body).resources;
  const resource = { singularName: '', namespaced: true, kind: 'ExternalMetricValueList', verbs: ['get'] };
  listed = [];
  expect(await discovered()).toEqual([{ name: 'externalmetrics', ...resource }]);
  listed = [{ metric: 'a' }, { metric: 'b' }];
  expect(await discovered()).toEqual([{ name: 'a', ...resource }, { name: 'b', ...resource }]);
});
