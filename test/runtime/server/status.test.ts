import { golden } from './golden';
import { attributesOf } from '../../../src/runtime/server/authorization/attributes';
import { forbidden } from '../../../src/runtime/server/authorization/forbidden';
import { parseRequestInfo, splitUrl } from '../../../src/runtime/server/request-info';
import { StatusError } from '../../../src/runtime/server/status';

const nodes = 'nodes';
const group = 'metrics.k8s.io';

test.each<[string, StatusError]>([
  ['err-401.json', StatusError.unauthorized()],
  ['err-404-node.json', StatusError.notFound('node', '', 'nope')],
  ['err-404-pod.json', StatusError.notFound('pods', '', 'nope')],
  ['err-404-nodemetrics.json', StatusError.notFound('nodemetrics', group, 'node-down')],
  ['err-404-podmetrics.json', StatusError.notFound('podmetrics', group, 'default/nometrics')],
  ['err-404-unknown-resource.json', StatusError.notFoundPath()],
  ['err-405-post.json', StatusError.methodNotAllowed()],
  ['err-405-watch.json', StatusError.watchNotSupported(nodes, group)],
])('%s', (file, error) => {
  expect(JSON.stringify(error, null, 2)).toBe(golden(file));
});

test('a name is quoted as Go quotes it', () => {
  expect(StatusError.notFound('node', '', 'a\x00\n').message).toBe('node "a\\x00\\n" not found');
});

test.each([
  ['/apis/metrics.k8s.io/v1beta1/namespaces/default/pods',
    'pods.metrics.k8s.io is forbidden: User "bob" cannot list resource "pods" in API group "metrics.k8s.io" in the namespace "default"'],
  ['/apis/custom.metrics.k8s.io/v1beta1/namespaces/default/pods/%2A/http_requests',
    'pods.custom.metrics.k8s.io "*" is forbidden: User "bob" cannot get resource "pods/http_requests" in API group "custom.metrics.k8s.io" in the namespace "default"'],
  ['/apis/metrics.k8s.io/v1beta1/nodes/a%00%7F%C2%A0', 'nodes.metrics.k8s.io "a\\x00\\x7f\\u00a0" is forbidden: User "bob" cannot get resource "nodes" in API group "metrics.k8s.io" at the cluster scope'],
  ['/a%1Bb', 'forbidden: User "bob" cannot get path "/a\\x1bb"'],
  ['/metrics', 'forbidden: User "bob" cannot get path "/metrics"'],
])('%s is forbidden', (url, message) => {
  const attributes = attributesOf({ name: 'bob', groups: [] }, parseRequestInfo('GET', url), splitUrl(url).query);
  expect(forbidden(attributes).toJSON()).toMatchObject({ message, reason: 'Forbidden', code: 403 });
});
