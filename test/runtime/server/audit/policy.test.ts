import { parse } from 'yaml';
import { decide } from '../../../../src/runtime/server/audit/policy';
import { policyFrom, unknownFields } from '../../../../src/runtime/server/audit/policy-document';
import { attributesOf } from '../../../../src/runtime/server/authorization/attributes';
import { parseRequestInfo } from '../../../../src/runtime/server/request-info';

const policy = (yaml: string) => policyFrom(parse(`apiVersion: audit.k8s.io/v1\nkind: Policy\n${yaml}`));

const pods = '/apis/metrics.k8s.io/v1/namespaces/lab/pods';
const alice = { name: 'alice', groups: ['devs'] };

function level(rule: string, url: string, user = alice, method = 'GET'): string {
  return decide(policy(`rules: [{level: Metadata, ${rule}}]`), attributesOf(user, parseRequestInfo(method, url), new URLSearchParams())).level;
}

test.each<[string, string, boolean]>([
  ['users: [alice]', pods, true],
  ['users: [bob]', pods, false],
  ['userGroups: [ops, devs]', pods, true],
  ['userGroups: [ops]', pods, false],
  ['verbs: [list]', pods, true],
  ['verbs: [get]', pods, false],
  ['verbs: [get]', `${pods}/a`, true],
  ['namespaces: [lab]', pods, true],
  ['namespaces: [""]', pods, false],
  ['namespaces: [""]', '/apis/metrics.k8s.io/v1/nodes', true],
  ['namespaces: [lab]', '/metrics', false],
  ['namespaces: [""]', '/metrics', false],
  ['resources: [{group: metrics.k8s.io}]', pods, true],
  ['resources: [{}]', pods, false],
  ['resources: [{}]', '/metrics', false],
  ['resources: [{group: metrics.k8s.io, resources: [pods]}]', pods, true],
  ['resources: [{group: metrics.k8s.io, resources: [nodes]}]', pods, false],
  ['resources: [{group: metrics.k8s.io, resources: ["*"]}]', `${pods}/a/status`, true],
  ['resources: [{group: metrics.k8s.io, resources: [pods]}]', `${pods}/a/status`, false],
  ['resources: [{group: metrics.k8s.io, resources: [pods/status]}]', `${pods}/a/status`, true],
  ['resources: [{group: metrics.k8s.io, resources: ["pods/*"]}]', `${pods}/a/status`, true],
  ['resources: [{group: metrics.k8s.io, resources: ["*/status"]}]', `${pods}/a/status`, true],
  ['resources: [{group: metrics.k8s.io, resources: ["*/status"]}]', `${pods}/a/scale`, false],
  ['resources: [{group: metrics.k8s.io, resources: [pods], resourceNames: [a]}]', `${pods}/a`, true],
  ['resources: [{group: metrics.k8s.io, resources: [pods], resourceNames: [a]}]', `${pods}/b`, false],
  ['nonResourceURLs: [/metrics]', '/metrics', true],
  ['nonResourceURLs: [/metrics]', '/metrics/a', false],
  ['nonResourceURLs: ["/healthz*"]', '/healthz/ping', true],
  ['nonResourceURLs: ["/healthz*"]', '/livez', false],
  ['nonResourceURLs: ["*"]', '/livez', true],
  ['nonResourceURLs: ["*"]', pods, false],
  ['users: [alice], verbs: [watch]', pods, false],
  ['', pods, true],
])('a rule with %s is for %s: %p', (rule, url, isFor) => {
  expect(level(rule, url)).toBe(isFor ? 'Metadata' : 'None');
});

test('the first rule that is for a request counts, with the stages that it and the policy leave out', () => {
  const { rules, ...others } = policy(`omitStages: [Panic]
rules:
- {level: None, users: [bob]}
- {level: Request, users: [alice], omitStages: [RequestReceived]}
- {level: RequestResponse}`);
  const decided = (name: string) => decide({ rules, ...others }, attributesOf({ name, groups: [] }, parseRequestInfo('GET', pods), new URLSearchParams()));
  expect(decided('bob').level).toBe('None');
  expect(decided('alice')).toEqual({ level: 'Request', omitStages: ['Panic', 'RequestReceived'] });
  expect(decided('carol')).toEqual({ level: 'RequestResponse', omitStages: ['Panic'] });
});

test.each<[string, string]>([
  ['rules: []', 'has no rules'],
  ['rules: 3', 'rules is no list'],
  ['rules: [3]', 'rules[0] is no object'],
  ['rules: [{level: All}]', 'rules[0].level is "All"; allowed are None, Metadata, Request, RequestResponse'],
  ['rules: [{level: None, users: [3]}]', 'rules[0].users[0] is no text'],
  ['rules: [{level: None, omitStages: [Response]}]', 'rules[0].omitStages has "Response"; allowed are RequestReceived, ResponseStarted, ResponseComplete, Panic'],
  ['rules: [{level: None, omitManagedFields: 1}]', 'rules[0].omitManagedFields is neither true nor false'],
  ['rules: [{level: None, nonResourceURLs: [healthz]}]', 'rules[0].nonResourceURLs has "healthz"; allowed are *, and paths'],
  ['rules: [{level: None, nonResourceURLs: ["/a*b"]}]', 'rules[0].nonResourceURLs has "/a*b"'],
  ['rules: [{level: None, nonResourceURLs: [/a], namespaces: [a]}]', 'rules[0] has nonResourceURLs beside resources or namespaces'],
  ['rules: [{level: None, resources: [{group: apps/v1}]}]', 'rules[0].resources[0].group is "apps/v1"; write it without its version'],
  ['rules: [{level: None, resources: [{group: A_b}]}]', 'rules[0].resources[0].group is "A_b": a lowercase RFC 1123 subdomain must consist of'],
  ['rules: [{level: None, resources: [{resourceNames: [a]}]}]', 'rules[0].resources[0] has resourceNames without resources'],
])('%s is refused', (yaml, problem) => {
  expect(() => policy(yaml)).toThrow(problem);
});

test('fields that no policy has are named, and ignored', () => {
  const document = parse('{apiVersion: audit.k8s.io/v1, kind: Policy, metadata: {foo: 1}, rule: [], rules: [{level: None, user: [a]}, {level: None, resources: [{groups: a}]}]}');
  expect(policyFrom(document).rules).toMatchObject([{ level: 'None', users: [] }, { resources: [{ group: '' }] }]);
  expect(unknownFields(document)).toEqual(['rule', 'rules[0].user', 'rules[1].resources[0].groups']);
});

test.each([[undefined], [[]], [{ kind: 'Policy', apiVersion: 'audit.k8s.io/v1beta1' }], [{ kind: 'Pod', apiVersion: 'v1' }]])('%j is no policy', (document) => {
  expect(() => policyFrom(document)).toThrow(/^is no /);
});
