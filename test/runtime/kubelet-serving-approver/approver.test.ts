import { NODE, NODE_NAME, signingRequest } from './kubelet-request';
import { ApiClient } from '../../../src/runtime/cluster/api-client';
import { KubeletServingApprover } from '../../../src/runtime/kubelet-serving-approver/approver';
import { SigningRequest } from '../../../src/runtime/kubelet-serving-approver/signing-request';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { FakeApiServer, status, until } from '../cluster/fake-api-server';
import { configFor, RecordingLogger } from '../cluster/fixtures';
import { ManualClock } from '../manual-clock';

const NAME = 'csr-abcde';
const isNode = (url: URL) => url.pathname === `/api/v1/nodes/${NODE_NAME}`;
const isApproval = (url: URL) => url.pathname.endsWith('/approval');

let server: FakeApiServer;
let clock: ManualClock;
let client: ApiClient;
let logger: RecordingLogger;
let registry: MetricRegistry;
let approver: KubeletServingApprover;

beforeEach(async () => {
  server = new FakeApiServer();
  clock = new ManualClock();
  logger = new RecordingLogger();
  registry = new MetricRegistry();
  client = new ApiClient({ config: configFor(await server.listen()), userAgent: 'test', clock });
  approver = new KubeletServingApprover({ client, registry, clock, random: () => 0, logger });
});

afterEach(async () => {
  approver.stop();
  client.close();
  await server.close();
});

async function start(): Promise<void> {
  approver.start();
  await until(() => server.watching === 1);
}

async function ask(spec?: Partial<SigningRequest['spec']>, name = NAME): Promise<void> {
  const { metadata: { name: _, ...metadata }, ...request } = await signingRequest(spec);
  server.set(name, request, metadata);
}

/** What the node is at the next look at it. */
function nodeIs(body: object | undefined): void {
  server.next(body === undefined ? { code: 404, body: status(404, 'NotFound', `nodes "${NODE_NAME}" not found`) } : { code: 200, body }, isNode);
}

const looks = () => server.requests.filter(({ url }) => isNode(url)).length;
const approvals = () => server.requests.filter(({ url }) => isApproval(url));
const metrics = () => registry.render().split('\n').filter((line) => line.startsWith('metrics_server_kubelet_serving'));

test('approves what a kubelet asks for, as it was judged', async () => {
  await ask();
  nodeIs(NODE);
  expect(approver.unready()).toBe('certificate signing requests have not been listed yet');
  await start();
  expect(approver.unready()).toBeUndefined();
  await until(() => logger.lines.length > 0);
  expect(approvals()).toHaveLength(1);
  const [{ method, url, body }] = approvals();
  expect([method, url.pathname]).toEqual(['PUT', `/apis/certificates.k8s.io/v1/certificatesigningrequests/${NAME}/approval`]);
  const written: SigningRequest = JSON.parse(body);
  expect(written.metadata.resourceVersion).toBe('101');
  expect(written.status!.conditions).toEqual([
    { type: 'Approved', status: 'True', reason: 'KubeletServingApproved', message: 'Node worker-1 has each of the addresses that it asks a serving certificate for' },
  ]);
  expect(logger.lines).toEqual(['I Approved the serving certificate of a kubelet request=csr-abcde node=worker-1 names=worker-1, 10.1.2.3']);
  expect(metrics()).toEqual(['metrics_server_kubelet_serving_requests_approved_total 1']);
});

test('asks the API server for requests of this signer alone', async () => {
  await start();
  expect(server.requests.map(({ url }) => url.searchParams.get('fieldSelector'))).toEqual(Array(3).fill('spec.signerName=kubernetes.io/kubelet-serving'));
});

test('leaves every other request alone, says why once, and never asks about a node', async () => {
  await start();
  await ask({ username: 'eve' });
  await until(() => logger.lines.length > 0);
  await ask({ username: 'eve' });
  await ask({ username: 'mallory' }, 'csr-other');
  await until(() => logger.lines.length > 1);
  expect(logger.lines).toEqual([
    'W Left a certificate signing request alone request=csr-abcde username=eve reason=eve is no system:node:NAME',
    'W Left a certificate signing request alone request=csr-other username=mallory reason=mallory is no system:node:NAME',
  ]);
  expect(metrics()).toEqual([
    'metrics_server_kubelet_serving_requests_approved_total 0', 'metrics_server_kubelet_serving_requests_left_alone_total{reason="username"} 2',
  ]);
  expect([looks(), approvals()]).toEqual([0, []]);
});

test.each([
  ['Denied', { conditions: [{ type: 'Denied', status: 'True', reason: 'No', message: '' }] }],
  ['Approved', { conditions: [{ type: 'Approved', status: 'True', reason: 'Yes', message: '' }] }],
  ['issued', { certificate: 'LS0t' }],
])('does not look at one that is %s', async (_, decided) => {
  const { metadata: { name, ...metadata }, ...request } = await signingRequest();
  server.set(name, { ...request, status: decided }, metadata);
  await start();
  await ask({ username: 'eve' }, 'csr-other');
  await until(() => logger.lines.length > 0);
  expect(approvals()).toEqual([]);
});

test('waits for a node that is not there yet, or has no addresses yet', async () => {
  nodeIs(undefined);
  await start();
  await ask();
  await until(() => logger.lines.length > 0);
  expect(logger.lines).toEqual(['W Approval of certificate signing request csr-abcde: will be tried again reason=there is no node worker-1']);
  nodeIs({});
  clock.advance(500);
  await until(() => logger.lines.length > 1);
  nodeIs(NODE);
  clock.advance(1000);
  await until(() => approvals().length === 1);
  await until(() => metrics().includes('metrics_server_kubelet_serving_requests_approved_total 1'));
  expect(metrics()).toEqual([
    'metrics_server_kubelet_serving_requests_approved_total 1',
    'metrics_server_kubelet_serving_requests_left_alone_total{reason="dns_name"} 1',
    'metrics_server_kubelet_serving_requests_left_alone_total{reason="node_missing"} 1',
  ]);
});

test('gives up on a node when its kubelet has given up too, and asks anew', async () => {
  clock.advance(15 * 60_000);
  await start();
  nodeIs({});
  await ask();
  await until(() => logger.lines.length > 0);
  expect(logger.lines).toEqual([expect.stringMatching(/^W Left a certificate signing request alone .* reason=worker-1 is no address of node worker-1, which has none$/)]);
});

test('forgets a request that is deleted', async () => {
  nodeIs({});
  await start();
  await ask();
  await until(() => looks() === 1 && logger.lines.length > 0);
  const waiting = clock.pending;
  server.delete(NAME);
  await until(() => clock.pending < waiting);
});

test('is not put off by an API server that fails', async () => {
  server.next({ code: 500, body: status(500, 'InternalError', 'etcd is away') }, isNode);
  await start();
  await ask();
  await until(() => logger.lines.length > 0);
  nodeIs(NODE);
  server.next({ code: 409, body: status(409, 'Conflict', 'the object has been modified') }, isApproval);
  clock.advance(500);
  await until(() => approvals().length === 1);
  nodeIs(NODE);
  // Its next attempt is near: the answer to this one has come.
  await until(() => clock.nextInMs! <= 1000);
  clock.advance(1000);
  await until(() => approvals().length === 2);
  // A conflict is nobody's fault and not told.
  expect(logger.lines.filter((line) => line.startsWith('W'))).toHaveLength(1);
});

test('says which right is missing', async () => {
  nodeIs(NODE);
  server.next({ code: 403, body: status(403, 'Forbidden', 'may not approve') }, isApproval);
  await start();
  await ask();
  await until(() => logger.lines.length > 0);
  expect(logger.lines[0]).toContain('off=approval of kubelet serving certificates');
  expect(logger.lines[0]).toContain('approve signers.certificates.k8s.io kubernetes.io/kubelet-serving');
});
