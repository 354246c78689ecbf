import * as fs from 'node:fs';
import * as https from 'node:https';
import { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ApiClient } from './api-client';
import { createCertificateAuthority, Identity, issueCertificate } from './pki';
import { SimulatedCluster, startSimulatedCluster } from './simulated-cluster';

const SERVICE_ACCOUNT = 'system:serviceaccount:kube-system:metrics-server';
const SECRET = '/api/v1/namespaces/kube-system/secrets/cert';
let cluster: SimulatedCluster;

beforeAll(async () => { cluster = await startSimulatedCluster({ nodes: 1, pods: 1 }); });
afterAll(async () => cluster.stop());

describe('access', () => {
  test('without a credential one sees /readyz and /version and nothing else', async () => {
    const client = new ApiClient({ server: cluster.server, ca: cluster.ca.certificate });
    expect((await client.request('GET', '/readyz')).code).toBe(200);
    expect(await client.request('GET', '/api/v1/nodes')).toMatchObject({
      code: 403, body: { message: 'nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope' },
    });
    client.close();
  });

  test('a client without a certificate stays nobody when its TLS session is resumed', async () => {
    const agent = new https.Agent({ ca: cluster.ca.certificate, keepAlive: false });
    const ask = () => new Promise((resolve, reject) => {
      https.get(new URL('/api/v1/nodes', cluster.server), { agent }, (response) => {
        const resumed = (response.socket as TLSSocket).isSessionReused();
        response.resume().on('end', () => resolve({ code: response.statusCode, resumed }));
      }).on('error', reject);
    });
    expect([await ask(), await ask()]).toEqual([{ code: 403, resumed: false }, { code: 403, resumed: true }]);
  });

  test('an unknown token is 401', async () => {
    const client = new ApiClient({ server: cluster.server, ca: cluster.ca.certificate, token: 'wrong' });
    expect((await client.request('GET', '/readyz')).code).toBe(401);
    client.close();
  });

  test.each(['token', 'certificate'] as const)('a kubeconfig with a %s lets in whom it names', async (credential) => {
    const kubeconfig = JSON.parse(fs.readFileSync(await cluster.kubeconfigPath('kubernetes-admin', credential), 'utf8'));
    const pem = (field: string) => kubeconfig.users[0].user[field] && Buffer.from(kubeconfig.users[0].user[field], 'base64').toString();
    const client = new ApiClient({
      server: kubeconfig.clusters[0].cluster.server,
      ca: Buffer.from(kubeconfig.clusters[0].cluster['certificate-authority-data'], 'base64').toString(),
      token: kubeconfig.users[0].user.token,
      certificate: pem('client-certificate-data'),
      key: pem('client-key-data'),
    });
    expect((await client.request('GET', '/api/v1/nodes')).code).toBe(200);
    client.close();
  });

  test('a role bound to a service account grants what it names, by name', async () => {
    bind('reader', [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['mine'], verbs: ['list'] }]);
    const client = cluster.clientOf(SERVICE_ACCOUNT);
    const secrets = '/api/v1/namespaces/kube-system/secrets';
    expect((await client.request('GET', `${secrets}?fieldSelector=metadata.name=mine`)).code).toBe(200);
    expect((await client.request('GET', secrets)).code).toBe(403);
    expect((await client.request('GET', `${secrets}/mine`)).code).toBe(403);
  });

  test('reviews tell who a token is and what a user may do', async () => {
    bind('metrics', [{ apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] }]);
    const token = cluster.tokens.issue({ name: 'jane', groups: ['devs'] });
    const review = async (path: string, spec: object) => (await cluster.request('POST', path, { spec })).body.status;
    expect(await review('/apis/authentication.k8s.io/v1/tokenreviews', { token })).toMatchObject({ authenticated: true, user: { username: 'jane' } });
    expect((await review('/apis/authentication.k8s.io/v1/tokenreviews', { token: 'x' })).authenticated).toBeUndefined();
    const attributes = { verb: 'get', resource: 'nodes', subresource: 'metrics', name: 'node-1' };
    const access = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    expect(await review(access, { user: SERVICE_ACCOUNT, resourceAttributes: attributes })).toEqual({ allowed: true });
    expect(await review(access, { user: 'jane', resourceAttributes: attributes })).toEqual({ allowed: false });
  });
});

describe('writing', () => {
  beforeEach(() => cluster.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'kube-system', name: 'cert' }, type: 'Opaque' }));

  test('a merge patch adds and removes, and notes its field manager', async () => {
    const { code, body } = await patch({ data: { a: 'MQ==' } });
    expect(code).toBe(200);
    expect(body).toMatchObject({ type: 'Opaque', data: { a: 'MQ==' }, metadata: { managedFields: [{ manager: 'cdk8s-metrics-server' }] } });
    expect((await patch({ data: { a: null } })).body.data).toEqual({});
  });

  test('a patch that changes nothing leaves the resourceVersion', async () => {
    const { body } = await patch({ data: { a: 'MQ==' } });
    expect((await patch({ data: { a: 'MQ==' } })).body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  });

  test('a patch with an outdated resourceVersion is 409', async () => {
    const { resourceVersion } = (await cluster.request('GET', SECRET)).body.metadata;
    expect((await patch({ metadata: { resourceVersion }, data: { a: 'MQ==' } })).code).toBe(200);
    expect(await patch({ metadata: { resourceVersion }, data: { a: 'Mg==' } })).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
  });

  test('other patch types are 415, what does not exist 404', async () => {
    expect((await cluster.request('PATCH', SECRET, {}, 'application/json-patch+json')).code).toBe(415);
    expect((await cluster.request('GET', `${SECRET}-not`)).code).toBe(404);
  });

  const patch = (body: object) => cluster.request('PATCH', `${SECRET}?fieldManager=cdk8s-metrics-server`, body, 'application/merge-patch+json');
});

describe('aggregation', () => {
  const PATH = '/apis/metrics.k8s.io/v1beta1/nodes';
  const seen: { headers: https.RequestOptions['headers']; frontProxy: string }[] = [];
  let ca: Identity;
  let extension: https.Server;

  beforeAll(async () => {
    ca = await createCertificateAuthority('extension');
    const { certificate, key } = await issueCertificate(ca, { commonName: 'ext', dnsNames: ['metrics-server.kube-system.svc'], usages: ['server'] });
    extension = https.createServer({ cert: certificate, key, requestCert: true, rejectUnauthorized: false }, (request, response) => {
      const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject;
      seen.push({ headers: request.headers, frontProxy: String(CN) });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"NodeMetricsList"}');
    });
    await new Promise<void>((resolve) => extension.listen(0, '127.0.0.1', resolve));
    cluster.api.setEndpoint('kube-system', 'metrics-server', { host: '127.0.0.1', port: (extension.address() as AddressInfo).port });
  });
  afterAll(() => { extension.close().closeAllConnections(); });

  test('passes on who asks, verified by the caBundle', async () => {
    applyApiService({ caBundle: Buffer.from(ca.certificate).toString('base64') });
    expect(await cluster.request('GET', PATH)).toEqual({ code: 200, body: { kind: 'NodeMetricsList' } });
    const { headers, frontProxy } = seen.at(-1)!;
    expect(frontProxy).toBe('front-proxy-client');
    expect(headers).toMatchObject({ 'x-remote-user': 'kubernetes-admin', 'x-remote-group': 'system:masters, system:authenticated' });
    expect(headers).not.toHaveProperty('authorization');
  });

  test('a caBundle of somebody else, or none, is 503', async () => {
    applyApiService({ caBundle: Buffer.from(cluster.ca.certificate).toString('base64') });
    expect((await cluster.request('GET', PATH)).code).toBe(503);
    applyApiService({});
    expect((await cluster.request('GET', PATH)).code).toBe(503);
  });

  test('insecureSkipTLSVerify trusts anyone', async () => {
    applyApiService({ insecureSkipTLSVerify: true });
    expect((await cluster.request('GET', PATH)).code).toBe(200);
  });

  function applyApiService(spec: object): void {
    cluster.apply({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: { group: 'metrics.k8s.io', version: 'v1beta1', service: { namespace: 'kube-system', name: 'metrics-server' }, ...spec },
    });
  }
});

function bind(name: string, rules: object[]): void {
  cluster.apply({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules });
  cluster.apply({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', namespace: 'kube-system', name: 'metrics-server' }],
  });
}
