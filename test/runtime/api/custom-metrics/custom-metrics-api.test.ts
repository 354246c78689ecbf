import { recordedResources } from './test-adapter';
import { customMetricsApi } from '../../../../src/runtime/api/custom-metrics/custom-metrics-api';
import { CUSTOM_METRICS_VERSIONS } from '../../../../src/runtime/api/custom-metrics/group-version';
import { MetricNotFoundError, SourceUnavailableError } from '../../../../src/runtime/custom-metrics/metric-errors';
import { MetricValue } from '../../../../src/runtime/custom-metrics/metric-value';
import { CustomMetricInfo, CustomMetricsProvider } from '../../../../src/runtime/custom-metrics/provider';
import { Quantity } from '../../../../src/runtime/custom-metrics/quantity';
import { Answer, Question } from '../../server/client';
import { protobufFields } from '../../server/encoding/protobuf-fields';
import { createTestPki, TestPki, TestServer } from '../../server/test-server';

const group = '/apis/custom.metrics.k8s.io';
const timestampMs = Date.parse('2026-11-21T02:03:47.999Z');

function value(objectName: string, more: Partial<MetricValue> = {}): MetricValue {
  return { objectName, value: Quantity.of(0.5), timestampMs, windowSeconds: 120, ...more };
}

/** The first field of each number, one in the other. */
function within(message: Buffer, ...fields: number[]): Buffer {
  return fields.reduce((outer, field) => protobufFields(outer).find(([number]) => number === field)![1] as Buffer, message);
}

let pki: TestPki;
let server: TestServer;
let listed: readonly CustomMetricInfo[];
let asked: unknown[];
let provider: CustomMetricsProvider;

beforeAll(async () => {
  pki = await createTestPki();
  const delegate: CustomMetricsProvider = {
    listAllMetrics: () => provider.listAllMetrics(),
    getMetricByName: (...question) => provider.getMetricByName(...question),
    getMetricBySelector: (...question) => provider.getMetricBySelector(...question),
  };
  server = await TestServer.start(pki, {
    groupVersions: CUSTOM_METRICS_VERSIONS.map((version) => customMetricsApi({ version, provider: delegate, objects: recordedResources })),
  });
});

afterAll(() => server.stop());

beforeEach(() => {
  listed = [];
  asked = [];
  provider = {
    listAllMetrics: () => listed,
    async getMetricByName(name, info, metricSelector) {
      asked.push({ name, info, metricSelector: String(metricSelector) });
      return value(name.name);
    },
    async getMetricBySelector(namespace, selector, info, metricSelector, _signal, user) {
      asked.push({ namespace, selector: String(selector), info, metricSelector: String(metricSelector), user });
      return [value('a'), value('b', { value: Quantity.of(2000), windowSeconds: undefined })];
    },
  };
});

function ask(path: string, question: Question = {}): Promise<Answer> {
  return server.ask(`${group}/${path}`, { identity: pki.frontProxy, ...question, headers: { 'x-remote-user': 'bob', ...question.headers } });
}

async function status(path: string, question?: Question): Promise<unknown> {
  const { body } = await ask(path, question);
  const { code, reason, message } = JSON.parse(body);
  return { code, reason, message };
}

describe('paths', () => {
  const pods = { group: '', resource: 'pods' };

  test.each(['v1beta1', 'v1beta2'])('%s asks for the objects that match, whether or not the metric is listed', async (version) => {
    await ask(`${version}/namespaces/default/pods/%2A/http_requests?labelSelector=app%3Dweb&metricLabelSelector=code+in+%28500%2C503%29%2Cverb%3DGET`);
    await ask(`${version}/namespaces/default/pods/*/http_requests`, { headers: { 'x-remote-user': 'carol' } });
    const info = { groupResource: pods, namespaced: true, metric: 'http_requests' };
    expect(asked).toEqual([
      { namespace: 'default', selector: 'app=web', info, metricSelector: 'code in (500,503),verb=GET', user: 'bob' },
      { namespace: 'default', selector: '', info, metricSelector: '', user: 'carol' },
    ]);
  });

  test.each([
    ['namespaces/default/ingresses.networking.k8s.io/main/rps', { namespace: 'default', name: 'main' }, { group: 'networking.k8s.io', resource: 'ingresses' }, 'rps'],
    ['nodes/n1/temp', { namespace: '', name: 'n1' }, { group: '', resource: 'nodes' }, 'temp'],
    ['namespaces/default/metrics/queue', { namespace: '', name: 'default' }, { group: '', resource: 'namespaces' }, 'queue'],
    ['namespaces/default/pods/status/finalize', { namespace: 'default', name: 'status' }, pods, 'finalize'],
    ['namespaces/default/pods/a/http_requests/', { namespace: 'default', name: 'a' }, pods, 'http_requests'],
    ['namespaces/default/pods/a/%C3%A9t%C3%A9', { namespace: 'default', name: 'a' }, pods, 'été'],
  ])('%s', async (path, name, groupResource, metric) => {
    expect((await ask(`v1beta2/${path}`)).status).toBe(200);
    expect(asked).toEqual([{ name, info: { groupResource, namespaced: name.namespace !== '', metric }, metricSelector: '' }]);
  });

  test.each([
    ['nodes/*/temp', { group: '', resource: 'nodes' }, 'temp'],
    ['namespaces/*/metrics/queue', { group: '', resource: 'namespaces' }, 'queue'],
  ])('%s is about all of the cluster', async (path, groupResource, metric) => {
    await ask(`v1beta2/${path}`);
    expect(asked).toEqual([{ namespace: '', selector: '', info: { groupResource, namespaced: false, metric }, metricSelector: '', user: 'bob' }]);
  });

  test.each(['namespaces/default/pods', 'namespaces/default/metrics', 'namespaces/default/status'])('400 %s', async (path) => {
    expect(await status(`v1beta2/${path}`)).toEqual({ code: 400, reason: 'BadRequest', message: 'invalid request path' });
  });

  test.each([
    'namespaces/default', 'namespaces/default/pods/x', 'namespaces/default/pods/x/m/more', 'pods', 'nodes/n1', 'nodes/n1/m/more',
    'namespaces//pods/x/m', 'namespaces/default/pods//m', 'namespaces/default/pods/%2e%2e/m', 'namespaces/%2e/pods/x/m', 'watch/namespaces/default/pods/x/m',
  ])('404 %s', async (path) => {
    expect(await status(`v1beta2/${path}`)).toEqual({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' });
    expect(asked).toEqual([]);
  });
});

describe('answers', () => {
  const path = 'namespaces/default/pods/*/http_requests?metricLabelSelector=verb%3DGET,code+notin+(500),!x,y,z!%3D1';
  const selector = {
    matchLabels: { verb: 'GET' },
    matchExpressions: [
      { key: 'code', operator: 'NotIn', values: ['500'] }, { key: 'x', operator: 'DoesNotExist' }, { key: 'y', operator: 'Exists' }, { key: 'z', operator: 'NotIn', values: ['1'] },
    ],
  };
  const pod = (name: string) => ({ kind: 'Pod', namespace: 'default', name, apiVersion: 'v1' });
  const timestamp = '2026-11-21T02:03:47Z';

  test('v1beta1: the core group has no slash before its version', async () => {
    expect((await ask(`v1beta1/${path}`)).body).toBe(`${JSON.stringify({
      kind: 'MetricValueList',
      apiVersion: 'custom.metrics.k8s.io/v1beta1',
      metadata: {},
      items: [
        { describedObject: pod('a'), metricName: 'http_requests', timestamp, window: 120, value: '500m', selector },
        { describedObject: pod('b'), metricName: 'http_requests', timestamp, value: '2k', selector },
      ],
    })}\n`);
  });

  test('v1beta2', async () => {
    expect((await ask(`v1beta2/${path}`)).body).toBe(`${JSON.stringify({
      kind: 'MetricValueList',
      apiVersion: 'custom.metrics.k8s.io/v1beta2',
      metadata: {},
      items: [
        { describedObject: pod('a'), metric: { name: 'http_requests', selector }, timestamp, windowSeconds: 120, value: '500m' },
        { describedObject: pod('b'), metric: { name: 'http_requests', selector }, timestamp, value: '2k' },
      ],
    })}\n`);
  });

  test('one object is a list, too, and the cluster\'s objects are in no namespace', async () => {
    expect(JSON.parse((await ask('v1beta1/nodes/n1/temp')).body).items).toEqual([
      { describedObject: { kind: 'Node', name: 'n1', apiVersion: 'v1' }, metricName: 'temp', timestamp, window: 120, value: '500m', selector: null },
    ]);
  });

  test('YAML', async () => {
    const { headers, body } = await ask('v1beta2/namespaces/default/pods/a/m', { headers: { accept: 'application/yaml' } });
    expect(headers['content-type']).toBe('application/yaml');
    expect(body).toBe(`apiVersion: custom.metrics.k8s.io/v1beta2
items:
- describedObject:
    apiVersion: v1
    kind: Pod
    name: a
    namespace: default
  metric:
    name: m
    selector: null
  timestamp: "2026-11-21T02:03:47Z"
  value: 500m
  windowSeconds: 120
kind: MetricValueList
metadata: {}
`);
  });

  test.each(['v1beta1', 'v1beta2'])('protobuf of %s has the fields of generated.proto', async (version) => {
    const { headers, bytes } = await ask(`${version}/${path}`, { headers: { accept: 'application/vnd.kubernetes.protobuf, */*' } });
    expect(headers['content-type']).toBe('application/vnd.kubernetes.protobuf');
    const first = within(bytes.subarray(4), 2, 2);
    expect(protobufFields(first).map(([field]) => field)).toEqual(version === 'v1beta1' ? [1, 2, 3, 4, 5, 6] : [1, 2, 3, 4, 5]);
    expect([1, 2, 3, 5].map((field) => String(within(first, 1, field)))).toEqual(['Pod', 'default', 'a', 'v1']);
    expect(String(version === 'v1beta1' ? within(first, 2) : within(first, 2, 1))).toBe('http_requests');
    expect(String(within(first, 5, 1))).toBe('500m');
    const labelSelector = version === 'v1beta1' ? within(first, 6) : within(first, 2, 2);
    expect([1, 2].map((field) => String(within(labelSelector, 1, field)))).toEqual(['verb', 'GET']);
    expect([1, 2, 3].map((field) => String(within(labelSelector, 2, field)))).toEqual(['code', 'NotIn', '500']);
  });

  test.each([
    ['application/json;as=Table;v=v1;g=meta.k8s.io', 'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf'],
    ['application/cbor', '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, '
      + 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch'],
  ])('406 for %s', async (accept, message) => {
    expect(await status('v1beta2/namespaces/default/pods/*/m', { headers: { accept } })).toEqual({ code: 406, reason: 'NotAcceptable', message });
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('405 for %s', async (method) => {
    expect(await status('v1beta2/namespaces/default/pods/*/m', { method }))
      .toEqual({ code: 405, reason: 'MethodNotAllowed', message: 'the server does not allow this method on the requested resource' });
  });
});

describe('refused, before the provider is asked', () => {
  test.each([
    ['labelSelector=%3D%3D', "found '==', expected: !, identifier, or 'end of string'"],
    ['metricLabelSelector=verb%3D%3D%3D', "unable to parse requirement: found '=', expected: identifier"],
    ['metricLabelSelector=a%3E1', '"gt" is not a valid label selector operator'],
    ['fieldSelector=metadata.name%3Dx', "fieldSelector metadata.name doesn't match requested name"],
    ['fieldSelector=status.phase%3DRunning', "fieldSelector metadata.name doesn't match requested name"],
  ])('%s', async (query, message) => {
    expect(await status(`v1beta2/namespaces/default/pods/*/m?${query}`)).toEqual({ code: 400, reason: 'BadRequest', message });
    expect(asked).toEqual([]);
  });

  test('a resource that the cluster does not have', async () => {
    expect(await status('v1beta2/namespaces/default/foos/*/m')).toEqual({
      code: 404, reason: 'NotFound', message: 'the server could not find the metric m for foos *: the cluster has no resource foos',
    });
    expect(asked).toEqual([]);
  });

  test('but a field selector may repeat the name, and a watch is a read', async () => {
    expect((await ask('v1beta2/namespaces/default/pods/a/m?fieldSelector=metadata.name%3Da&watch=true&limit=1')).status).toBe(200);
  });
});

describe('what a provider throws', () => {
  const info = { groupResource: { group: 'apps', resource: 'deployments' }, namespaced: true, metric: 'rps' };

  test.each([
    ['a missing metric', new MetricNotFoundError(info), 404, 'NotFound', 'the server could not find the metric rps for deployments.apps'],
    ['a metric that an object lacks', new MetricNotFoundError(info, 'web'), 404, 'NotFound', 'the server could not find the metric rps for deployments.apps web'],
    ['a missing external metric', new MetricNotFoundError({ metric: 'queue' }), 404, 'NotFound', 'the server could not find the metric queue'],
    ['a source that is down', new SourceUnavailableError('Prometheus at http://p:9090 answered 502', 5), 503, 'ServiceUnavailable', 'Prometheus at http://p:9090 answered 502'],
    ['what is not for clients', new Error('password hunter2'), 500, 'InternalError', 'Internal error occurred: see the log of the server'],
  ])('%s', async (_, error, code, reason, message) => {
    provider = { ...provider, getMetricBySelector: async () => { throw error; } };
    expect(await status('v1beta2/namespaces/default/pods/*/m')).toEqual({ code, reason, message });
  });

  test('is told with when to come back', async () => {
    provider = { ...provider, getMetricByName: async () => { throw new SourceUnavailableError('down', 7); } };
    expect((await ask('v1beta2/namespaces/default/pods/a/m')).headers['retry-after']).toBe('7');
  });
});

test.each([
  ['namespaces/default/pods/%2A/http_requests', { resource: 'pods', subresource: 'http_requests', name: '*', namespace: 'default' }],
  ['namespaces/default/ingresses.networking.k8s.io/main/rps', { resource: 'ingresses.networking.k8s.io', subresource: 'rps', name: 'main', namespace: 'default' }],
  ['namespaces/default/metrics/queue', { resource: 'metrics', name: 'queue', namespace: 'default' }],
  ['nodes/n1/temp', { resource: 'nodes', subresource: 'temp', name: 'n1' }],
])('%s is authorized as kube-apiserver reads it', async (path, attributes) => {
  server.reviews.length = 0;
  await ask(`v1beta2/${path}`);
  expect(server.reviews[0].spec.resourceAttributes).toEqual({ verb: 'get', group: 'custom.metrics.k8s.io', version: 'v1beta2', ...attributes });
});

test('who may not is told what', async () => {
  server.cluster.allows = () => false;
  const { status: code, body } = await ask('v1beta2/namespaces/default/pods/%2A/http_requests');
  server.cluster.allows = () => true;
  expect({ code, ...JSON.parse(body) }).toMatchObject({
    code: 403,
    message: 'pods.custom.metrics.k8s.io "*" is forbidden: User "bob" cannot get resource "pods/http_requests" in API group "custom.metrics.k8s.io" in the namespace "default"',
    details: { name: '*', group: 'custom.metrics.k8s.io', kind: 'pods' },
  });
  expect(asked).toEqual([]);
});

test('requests are counted by group and version, not by what clients call a metric', async () => {
  for (const metric of ['x1', 'x2']) await ask(`v1beta1/namespaces/default/pods/*/${metric}`);
  const counted = server.registry.render().split('\n').filter((line) => line.startsWith('apiserver_request_total') && line.includes('v1beta1'));
  expect(counted.every((line) => line.includes('group="custom.metrics.k8s.io"') && line.includes('resource=""'))).toBe(true);
  expect(counted.length).toBeGreaterThan(0);
  expect(server.registry.render()).not.toContain('x1');
});

describe('discovery', () => {
  const info = (resource: string, metric: string, namespaced = true): CustomMetricInfo => ({ groupResource: { group: '', resource }, namespaced, metric });
  const discovered = async () => JSON.parse((await ask('v1beta1')).body).resources.map(({ name, namespaced }: any) => `${name} ${namespaced}`);

  test('lists what the provider lists, each once', async () => {
    listed = [info('pods', 'http_requests'), info('pods', 'http_requests'), info('namespaces', 'queue', false),
      { groupResource: { group: 'networking.k8s.io', resource: 'ingresses' }, namespaced: true, metric: 'rps' }];
    expect(await discovered()).toEqual(['pods/http_requests true', 'namespaces/queue false', 'ingresses.networking.k8s.io/rps true']);
  });

  test('is the aggregator\'s: a resource in two scopes would cost it the whole group version', async () => {
    listed = [info('pods', 'x'), info('pods', 'y', false), info('pods', 'z')];
    expect(await discovered()).toEqual(['pods/x true', 'pods/z true']);
  });

  test('is never empty', async () => {
    expect(await discovered()).toEqual(['custommetrics true']);
  });

  test('aggregated, it shows metrics as subresources, and changes its ETag with them', async () => {
    const aggregated = () => server.ask('/apis', {
      identity: pki.frontProxy, headers: { 'x-remote-user': 'system:kube-aggregator', 'accept': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' },
    });
    listed = [info('pods', 'http_requests')];
    const { body, headers } = await aggregated();
    const responseKind = { group: '', version: '', kind: 'MetricValueList' };
    expect(JSON.parse(body).items[0].versions[0]).toEqual({
      version: 'v1beta2',
      freshness: 'Current',
      resources: [{
        resource: 'pods',
        responseKind: { group: '', version: '', kind: '' },
        scope: 'Namespaced',
        singularResource: '',
        verbs: null,
        subresources: [{ subresource: 'http_requests', responseKind, verbs: ['get'] }],
      }],
    });
    expect((await aggregated()).headers.etag).toBe(headers.etag);
    listed = [info('pods', 'other')];
    expect((await aggregated()).headers.etag).not.toBe(headers.etag);
  });
});
