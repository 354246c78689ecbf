import * as fc from 'fast-check';
import { isLongRunning, parseRequestInfo, RequestInfo } from '../../../src/runtime/server/request-info';
import { StatusError } from '../../../src/runtime/server/status';

const group = '/apis/custom.metrics.k8s.io/v1beta2';
const none = { namespace: '', name: '', subresource: '' };

test.each<[string, string, Partial<RequestInfo>]>([
  ['GET', '/apis/metrics.k8s.io/v1beta1/nodes', { ...none, verb: 'list', apiGroup: 'metrics.k8s.io', apiVersion: 'v1beta1', resource: 'nodes' }],
  ['GET', '/apis/metrics.k8s.io/v1beta1/nodes/a', { ...none, verb: 'get', resource: 'nodes', name: 'a' }],
  ['HEAD', '/apis/metrics.k8s.io/v1beta1/nodes/a', { verb: 'get' }],
  ['GET', '/apis/metrics.k8s.io/v1beta1/nodes?watch=true', { verb: 'watch', resource: 'nodes' }],
  ['GET', '/apis/metrics.k8s.io/v1beta1/nodes?watch', { verb: 'watch' }],
  ['GET', '/apis/metrics.k8s.io/v1beta1/nodes?watch=0', { verb: 'list' }],
  ['GET', '/apis/metrics.k8s.io/v1beta1/watch/nodes', { verb: 'watch', resource: 'nodes', parts: ['watch', 'nodes'] }],
  ['GET', '/apis/metrics.k8s.io/v1beta1/nodes?fieldSelector=metadata.name%3Da', { verb: 'list', resource: 'nodes', name: 'a' }],
  ['GET', '/apis/metrics.k8s.io/v1beta1/nodes?fieldSelector=metadata.name!%3Da', { verb: 'list', name: '' }],
  ['GET', '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods/web-1', { verb: 'get', namespace: 'default', resource: 'pods', name: 'web-1' }],
  ['POST', '/apis/metrics.k8s.io/v1beta1/nodes', { verb: 'create' }],
  ['DELETE', '/apis/metrics.k8s.io/v1beta1/nodes', { verb: 'deletecollection' }],
  ['DELETE', '/apis/metrics.k8s.io/v1beta1/nodes/a', { verb: 'delete' }],
  ['GET', `${group}/namespaces/default/pods/%2A/http_requests`, { verb: 'get', namespace: 'default', resource: 'pods', name: '*', subresource: 'http_requests' }],
  ['GET', `${group}/namespaces/default/metrics/queue`, { verb: 'get', namespace: 'default', resource: 'metrics', name: 'queue' }],
  ['GET', `${group}/nodes/a%2Fb/m`, { resource: 'nodes', name: 'a', subresource: 'b' }],
  ['GET', '/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue', { verb: 'list', namespace: 'default', resource: 'queue', name: '' }],
  ['GET', '/apis/external.metrics.k8s.io/v1beta1/namespaces/default/status', { namespace: 'default', resource: 'namespaces', name: 'default', subresource: 'status' }],
  ['GET', '/api/v1/pods', { apiGroup: '', apiVersion: 'v1', resource: 'pods' }],
  ['GET', 'https://host:443/apis/metrics.k8s.io/v1beta1/nodes', { path: '/apis/metrics.k8s.io/v1beta1/nodes', resource: 'nodes' }],
])('%s %s', (method, url, expected) => {
  expect(parseRequestInfo(method, url)).toMatchObject({ isResourceRequest: true, ...expected });
});

test.each(['/', '/apis', '/apis/metrics.k8s.io', '/apis/metrics.k8s.io/v1beta1', '/apis/metrics.k8s.io/v1beta1/', '/api/v1', '/livez/ping', '/openapi/v3/apis/a/v1', '*'])(
  '%s names no resource', (path) => {
    expect(parseRequestInfo('GET', `${path}?verbose`)).toMatchObject({ path, isResourceRequest: false, verb: 'get', apiGroup: '', resource: '' });
  },
);

test('whatever a client sends is read or is a bad request, quickly', () => {
  const piece = fc.oneof(fc.constantFrom('/', '//', '%', '%2F', 'apis', 'namespaces', 'watch', '?', '&', 'fieldSelector=', '\\', ',', '='), fc.string());
  fc.assert(fc.property(fc.string(), fc.array(piece), (method, pieces) => {
    try {
      parseRequestInfo(method, pieces.join(''));
    } catch (error) {
      expect(error).toBeInstanceOf(StatusError);
      expect((error as StatusError).code).toBe(400);
    }
  }));
  parseRequestInfo('GET', `${'/'.repeat(1_000_000)}x?fieldSelector=${'\\'.repeat(1_000_000)}`);
});

test.each<[string, boolean]>([
  ['/apis/metrics.k8s.io/v1beta1/nodes?watch=true', true],
  ['/apis/metrics.k8s.io/v1beta1/watch/nodes', true],
  ['/debug/pprof/profile', true],
  ['/apis/metrics.k8s.io/v1beta1/proxy/nodes/a', false],
  ['/apis/metrics.k8s.io/v1beta1/nodes/a/proxy', false],
  ['/apis/metrics.k8s.io/v1beta1/nodes', false],
  ['/metrics', false],
])('whether %s may take as long as it likes: %s', (url, expected) => {
  expect(isLongRunning(parseRequestInfo('GET', url))).toBe(expected);
});
