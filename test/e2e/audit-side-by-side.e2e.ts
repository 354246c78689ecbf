import { readFileSync, writeFileSync } from 'fs';
import { request } from 'https';
import { ControlPlane } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { Process } from './control-plane/process';
import { Fleet } from './fleet';
import { AuditEvent } from '../../src/runtime/server/audit/event';
import { issueCertificate } from '../simulated-cluster/pki';

const PORTS = { ours: 4443, peer: 4444 };
type Server = keyof typeof PORTS;
const SERVERS = Object.keys(PORTS) as Server[];

const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- {level: None, nonResourceURLs: ["/livez*", "/readyz*"]}
- {level: Metadata, users: [viewer], omitStages: [RequestReceived]}
- {level: RequestResponse, nonResourceURLs: ["/apis*"]}
- {level: Request, verbs: [get]}
- {level: RequestResponse}
`;

interface AuditedRequest {
  readonly of: string;
  readonly path: string;
  readonly as?: 'admin' | 'viewer' | 'nobody';
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const NODES = '/apis/metrics.k8s.io/v1beta1/nodes';
const REQUESTS: readonly AuditedRequest[] = [
  { of: 'a list', path: NODES },
  { of: 'a list with a query', path: `${NODES}?labelSelector=a%3Db&limit=5` },
  { of: 'an object', path: `${NODES}/node-1` },
  { of: 'an object of a namespace', path: '/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods/none' },
  { of: 'a list as table', path: NODES, headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } },
  { of: 'discovery', path: '/apis/metrics.k8s.io/v1beta1' },
  { of: 'metrics', path: '/metrics' },
  { of: 'a page that may take long', path: '/debug/pprof/' },
  { of: 'a path that is not there', path: '/none' },
  { of: 'a resource that is not there', path: '/apis/metrics.k8s.io/v1beta1/none' },
  { of: 'a method that is not served', path: `${NODES}/node-1`, method: 'DELETE' },
  { of: 'a probe, which the policy leaves out', path: '/livez' },
  { of: 'a user who may', path: NODES, as: 'viewer' },
  { of: 'a user who may not', path: NODES, as: 'nobody' },
  { of: 'somebody on behalf of another', path: NODES, headers: { 'impersonate-user': 'jane', 'impersonate-group': 'devs' } },
  { of: 'somebody on behalf of another, by the right of ever since', path: NODES, as: 'viewer', headers: { 'impersonate-user': 'jane' } },
  { of: 'somebody on behalf of another without the right', path: NODES, as: 'nobody', headers: { 'impersonate-user': 'jane' } },
  { of: 'a token that is none', path: NODES, as: undefined, headers: { authorization: 'Bearer wrong' } },
  { of: 'a token that is none, for a page', path: '/metrics', as: undefined, headers: { authorization: 'Bearer wrong' } },
  { of: 'nobody', path: NODES, as: undefined },
  { of: 'a watch', path: `${NODES}?watch=1` },
  { of: 'whoever comes over proxies', path: NODES, headers: { 'x-forwarded-for': '10.0.0.1, 10.0.0.2', 'x-real-ip': '10.0.0.3' } },
  { of: 'a program that says much of itself', path: NODES, headers: { 'user-agent': 'x'.repeat(1100) } },
];

let controlPlane: ControlPlane;
let fleet: Fleet;
const servers: Process[] = [];

beforeAll(async () => {
  controlPlane = await ControlPlane.start({ controllers: false });
  fleet = await Fleet.start(controlPlane, { nodes: 1, pods: 2 });
  await grant('viewer', 'view-metrics', [{ apiGroups: ['metrics.k8s.io'], resources: ['*'], verbs: ['get', 'list'] }]);
  await grant('viewer', 'act-for-jane', [{ apiGroups: [''], resources: ['users'], resourceNames: ['jane'], verbs: ['impersonate'] }]);
  const ca = { certificate: readFileSync(controlPlane.caFile, 'utf8'), key: readFileSync(controlPlane.path('ca.key'), 'utf8') };
  const serving = await issueCertificate(ca, { commonName: 'serving', dnsNames: ['localhost'], usages: ['server'] });
  writeFileSync(controlPlane.path('serving.crt'), serving.certificate);
  writeFileSync(controlPlane.path('serving.key'), serving.key);
  writeFileSync(controlPlane.path('policy.yaml'), POLICY);
  servers.push(start('ours', process.execPath, ['assets/runtime/main/index.js']), start('peer', `${process.env.BENCH_PROGRAMS}/metrics-server`, []));
  await eventually(async () => {
    for (const server of SERVERS) {
      const status = await ask(server, { of: 'a probe', path: '/readyz', as: 'admin' }, 'ready');
      if (status !== 200) throw new Error(`${server}: ${status}\n${servers.map((one) => one.tail()).join('\n')}`);
    }
  });
}, 120_000);

afterAll(async () => {
  for (const server of servers) await server.stop();
  await fleet?.stop();
  await controlPlane?.stop();
});

test.each(REQUESTS.map((one, index) => [one.of, one, `request-${index}`] as const))('%s is recorded as metrics-server records it', async (_of, one, id) => {
  const asked = { ...one, as: 'as' in one ? one.as : 'admin' as const };
  const [ours, peer] = await Promise.all(SERVERS.map((server) => ask(server, asked, id)));
  expect(ours).toBe(peer);
  const peerEvents = await events('peer', id);
  const ourEvents = await events('ours', id);
  expect(ourEvents.map(comparable)).toEqual(peerEvents.map(comparable));
  expect(ourEvents.map((event) => Object.keys(event))).toEqual(peerEvents.map((event) => Object.keys(event)));
  expect(peerEvents.length > 0).toBe(one.path !== '/livez');
});

/** What differs by nature: times, also those that upstream adds when it was slow, and figures of the moment. */
function comparable({ requestReceivedTimestamp, stageTimestamp, responseObject, annotations, ...event }: AuditEvent): unknown {
  for (const time of [requestReceivedTimestamp, stageTimestamp]) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  const lasting = annotations && Object.fromEntries(Object.entries(annotations).filter(([name]) => !name.startsWith('apiserver.latency.k8s.io/')));
  return { ...event, annotations: lasting, responseObject: withoutFigures(responseObject) };
}

function withoutFigures(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutFigures);
  if (typeof value !== 'object' || value === null) return value;
  const figures = ['timestamp', 'window', 'usage', 'creationTimestamp', 'cells'];
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, figures.includes(name) ? '…' : withoutFigures(member)]));
}

/** Once they are all written: those that follow a request that was made later are there. */
async function events(server: Server, id: string): Promise<AuditEvent[]> {
  const all = () => readFileSync(controlPlane.path(`${server}-audit.log`), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as AuditEvent);
  await ask(server, { of: 'the last', path: '/version', as: 'admin' }, `after-${id}`);
  await eventually(() => expect(all().filter(({ auditID, stage }) => auditID === `after-${id}` && stage === 'ResponseComplete')).toHaveLength(1));
  return all().filter(({ auditID }) => auditID === id);
}

function start(name: Server, command: string, args: readonly string[]): Process {
  const kubeconfig = controlPlane.kubeconfig('admin');
  return new Process(name, command, [
    ...args, `--secure-port=${PORTS[name]}`, '--bind-address=127.0.0.1', `--kubeconfig=${kubeconfig}`, `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`, `--tls-cert-file=${controlPlane.path('serving.crt')}`, `--tls-private-key-file=${controlPlane.path('serving.key')}`,
    '--kubelet-preferred-address-types=InternalIP', '--kubelet-use-node-status-port', '--metric-resolution=10s', '--kubelet-request-timeout=5s',
    `--audit-policy-file=${controlPlane.path('policy.yaml')}`, `--audit-log-path=${controlPlane.path(`${name}-audit.log`)}`,
  ], controlPlane.path(`${name}.log`));
}

function ask(server: Server, { path, as, method = 'GET', headers }: AuditedRequest, id: string): Promise<number> {
  const identity = as && { cert: readFileSync(controlPlane.path(`${as}.crt`)), key: readFileSync(controlPlane.path(`${as}.key`)) };
  return new Promise((resolve, reject) => {
    request({
      host: '127.0.0.1', port: PORTS[server], path, method, rejectUnauthorized: false, agent: false, ...identity, headers: { 'user-agent': 'test', ...headers, 'audit-id': id },
    }, (response) => response.resume().on('end', () => resolve(response.statusCode!))).on('error', reject).end();
  });
}

async function grant(user: string, name: string, rules: object[]): Promise<void> {
  const path = '/apis/rbac.authorization.k8s.io/v1';
  const [apiVersion, apiGroup] = ['rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io'];
  await controlPlane.request('POST', `${path}/clusterroles`, { apiVersion, kind: 'ClusterRole', metadata: { name }, rules });
  await controlPlane.request('POST', `${path}/clusterrolebindings`, {
    apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { apiGroup, kind: 'ClusterRole', name }, subjects: [{ apiGroup, kind: 'User', name: user }],
  });
}
