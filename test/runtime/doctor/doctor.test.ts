import { Patient, Report, SERVER } from './patient';
import { CHECKS } from '../../../src/runtime/doctor/checks';
import { authenticationConfigMap } from '../../simulated-cluster/cluster-objects';
import { KubeletFault } from '../../simulated-cluster/kubelet-fault';
import { createCertificateAuthority, issueCertificate } from '../../simulated-cluster/pki';

const SYSTEM = '/api/v1/namespaces/kube-system';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const CONFIG_MAP = `${SYSTEM}/configmaps/extension-apiserver-authentication`;

let patient: Patient;
let requestHeaders: any;

beforeAll(async () => {
  patient = await Patient.start();
  requestHeaders = (await patient.cluster.request('GET', CONFIG_MAP)).body;
});
afterEach(async () => {
  const { resourceVersion, ...metadata } = requestHeaders.metadata;
  patient.cluster.apply({ ...requestHeaders, metadata });
  await patient.heal();
});
afterAll(() => patient.stop());

/** `check severity: saw` of everything that is not well. */
function faults({ findings }: Report): string[] {
  return findings.filter(({ severity }) => severity !== 'ok').map(({ check, severity, saw }) => `${check} ${severity}: ${saw}`);
}

function kubelets(fault: KubeletFault, count = 3): Promise<unknown> {
  return Promise.all(patient.cluster.kubelets.slice(0, count).map((kubelet) => kubelet.setFault(fault)));
}

test('finds nothing where nothing is wrong, having looked at everything', async () => {
  const report = await patient.examine();
  expect([faults(report), report.exitCode]).toEqual([[], 0]);
  expect([...new Set(report.findings.map(({ check }) => check))]).toEqual(CHECKS.map(({ id }) => id));
});

interface Illness {
  readonly name: string;
  readonly make: () => unknown;
  readonly args?: readonly string[];
  /** Check, severity, what it saw, what mends it. */
  readonly found: readonly [string, 'error' | 'warning', RegExp, RegExp];
}

const unavailable = (reason: string, message: string) => () => patient.register({}, { status: 'False', reason, message });
const FAILED = 'failing or missing response from https://10.96.44.2:443/apis/metrics.k8s.io/v1beta1';

const ILLNESSES: readonly Illness[] = [
  {
    name: 'kube-apiserver without --requestheader-client-ca-file',
    make: () => patient.cluster.apply({ ...requestHeaders, metadata: { namespace: 'kube-system', name: 'extension-apiserver-authentication' }, data: {} }),
    found: ['requestheader-ca', 'error', /^cluster doesn't provide requestheader-client-ca-file/, /--requestheader-client-ca-file/],
  },
  {
    name: 'no ConfigMap of kube-apiserver at all',
    make: () => patient.remove(CONFIG_MAP),
    found: ['requestheader-ca', 'error', /there is no ConfigMap kube-system\/extension-apiserver-authentication/, /--proxy-client-cert-file/],
  },
  {
    name: 'one CA for users and front proxy, and no allowed names',
    make: () => {
      const { data, ...rest } = authenticationConfigMap(patient.cluster.ca.certificate, patient.cluster.ca.certificate);
      patient.cluster.apply({ ...rest, data: { ...data, 'requestheader-allowed-names': '[]' } });
    },
    found: ['requestheader-ca-separate', 'warning', /any user's certificate may speak for anybody/, /--requestheader-allowed-names/],
  },
  {
    name: 'system:anonymous as cluster-admin',
    make: () => patient.cluster.apply({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'anonymous-role-binding' },
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'User', name: 'system:anonymous' }],
    }),
    found: ['anonymous-admin', 'warning', /ClusterRoleBinding anonymous-role-binding makes anonymous users cluster-admin/, /^kubectl delete clusterrolebinding anonymous-role-binding$/],
  },
  {
    name: 'FailedDiscoveryCheck after 401',
    make: unavailable('FailedDiscoveryCheck', `${FAILED}: bad status from https://10.96.44.2:443/apis/metrics.k8s.io/v1beta1: 401`),
    found: ['api-service-available', 'error', /FailedDiscoveryCheck/, /does not know kube-apiserver: see requestheader-ca/],
  },
  {
    name: 'FailedDiscoveryCheck after 403',
    make: unavailable('FailedDiscoveryCheck', `${FAILED}: bad status from https://10.96.44.2:443/apis/metrics.k8s.io/v1beta1: 403`),
    found: ['api-service-available', 'error', /: 403$/, /--proxy-client-cert-file/],
  },
  {
    name: 'FailedDiscoveryCheck after a foreign CA',
    make: unavailable('FailedDiscoveryCheck', `${FAILED}: Get "https://10.96.44.2:443/": tls: failed to verify certificate: x509: certificate signed by unknown authority`),
    found: ['api-service-available', 'error', /x509: certificate signed by unknown authority/, /see ca-bundle/],
  },
  ...['net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)', 'dial tcp 10.96.44.2:443: connect: connection refused',
    'dial tcp 10.96.44.2:443: connect: no route to host', 'context deadline exceeded', 'dial tcp 10.96.44.2:443: i/o timeout'].map((message): Illness => ({
    name: `a control plane that cannot reach Services: ${message}`,
    make: unavailable('FailedDiscoveryCheck', `${FAILED}: Get "https://10.96.44.2:443/apis/metrics.k8s.io/v1beta1": ${message}`),
    found: ['api-service-available', 'error', /FailedDiscoveryCheck/, /the control plane cannot reach the Service: .*--enable-aggregator-routing=true/],
  })),
  {
    name: 'an APIService of somebody else',
    make: () => patient.register({ service: { namespace: 'gke', name: 'other' } }),
    args: ['--service=kube-system/metrics-server'],
    found: ['api-service-registered', 'error', /leads to Service gke\/other, not to kube-system\/metrics-server/, /two servers want the same API/],
  },
  {
    name: 'no Service',
    make: () => patient.remove(`${SYSTEM}/services/metrics-server`),
    found: ['service', 'error', /there is no Service kube-system\/metrics-server/, /apply the manifests/],
  },
  {
    name: 'an APIService with another port',
    make: () => patient.register({ service: { namespace: 'kube-system', name: 'metrics-server', port: 8443 } }),
    found: ['service', 'error', /names port 8443, and Service kube-system\/metrics-server has 443/, /make the two agree/],
  },
  {
    name: 'no metrics to serve: a pod that is not ready',
    make: () => {
      const meta = { namespace: 'kube-system', name: 'metrics-server-1', labels: { 'k8s-app': 'metrics-server' } };
      patient.cluster.apply({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: meta,
        spec: { containers: [] },
        status: {
          conditions: [{ type: 'Ready', status: 'False' }],
          containerStatuses: [{ name: 'metrics-server', restartCount: 7, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 255, reason: 'Error' } } }],
        },
      });
      patient.cluster.apply({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...meta, labels: { 'kubernetes.io/service-name': 'metrics-server' } },
        ports: [{ port: 10250 }],
        endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: false } }],
      });
    },
    found: ['endpoints', 'error', /no endpoint that is ready: pod metrics-server-1: metrics-server waits: CrashLoopBackOff after 7 restarts, ended with Error/, /log of the pods/],
  },
  {
    name: 'a caBundle that nobody has filled',
    make: () => patient.register({ caBundle: undefined }),
    found: ['ca-bundle', 'error', /neither caBundle nor insecureSkipTLSVerify/, /caBundle/],
  },
  {
    name: 'a caBundle of another CA',
    make: async () => patient.register({ caBundle: Buffer.from((await createCertificateAuthority('other')).certificate).toString('base64') }),
    found: ['ca-bundle', 'error', /x509: certificate signed by unknown authority/, /put the CA that signed the serving certificate into caBundle/],
  },
  {
    name: 'a serving certificate for another name',
    make: async () => patient.show(await issueCertificate(patient.ca, { commonName: 'x', dnsNames: ['localhost'], usages: ['server'] })),
    found: ['ca-bundle', 'error', /not for metrics-server\.kube-system\.svc, it offers DNS:localhost/, /<service>\.<namespace>\.svc/],
  },
  {
    name: 'a serving certificate that nobody renews',
    make: async () => patient.show(await issueCertificate(patient.ca, {
      commonName: 'x', dnsNames: ['metrics-server.kube-system.svc'], usages: ['server'], notBefore: new Date('2020-01-01'), notAfter: new Date(Date.now() + 7_500_000),
    })),
    found: ['ca-bundle', 'warning', /lasts 2 h more/, /see why it has not been renewed/],
  },
  {
    name: 'insecureSkipTLSVerify',
    make: () => patient.register({ caBundle: undefined, insecureSkipTLSVerify: true }),
    found: ['ca-bundle', 'warning', /insecureSkipTLSVerify/, /fill caBundle/],
  },
  {
    name: 'the Secret of a self-managed certificate is deleted',
    make: () => patient.remove(`${SYSTEM}/secrets/metrics-server-cert`),
    found: ['serving-secret', 'error', /Secret kube-system\/metrics-server-cert is gone/, /apply the manifests again/],
  },
  {
    name: 'no right to nodes/metrics',
    make: () => patient.cluster.apply({
      apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'metrics-server' }, rules: [{ apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list', 'watch'] }],
    }),
    found: ['server-rights', 'error', new RegExp(`^${SERVER} may not get nodes/metrics: reading of kubelets is off$`), /^grant get nodes\/metrics$/],
  },
  {
    name: 'no binding to extension-apiserver-authentication-reader',
    make: () => patient.remove(`${RBAC}/namespaces/kube-system/rolebindings/auth-reader`),
    found: ['server-rights', 'error', /may not list configmaps extension-apiserver-authentication/, /in namespace kube-system$/],
  },
  {
    name: 'kubelets whose host name is not resolvable',
    make: () => undefined,
    args: ['--kubelet-preferred-address-types=Hostname'],
    found: ['kubelet-reachable', 'error', /^3 of 3 kubelets: dns: node-1, node-2, node-3; at node-1:\d+: .*(ENOTFOUND|EAI_AGAIN)/, /--kubelet-preferred-address-types=InternalIP/],
  },
  { name: 'a kubelet that does not listen', make: () => kubelets({ kind: 'refuse' }, 1), found: ['kubelet-reachable', 'error', /^1 of 3 kubelets: refused: node-1; /, /--kubelet-port/] },
  {
    name: 'kubelets that sign their own certificates',
    make: () => kubelets({ kind: 'certificate', problem: 'unknown-authority' }),
    found: ['kubelet-certificate', 'error', /^3 of 3 kubelets: x509-unknown-authority: .*; its certificate names DNS:node-1, IP Address:127\.1\.0\.1$/, /serverTLSBootstrap/],
  },
  {
    name: 'the same with --kubelet-insecure-tls',
    make: () => kubelets({ kind: 'certificate', problem: 'unknown-authority' }),
    args: ['--kubelet-insecure-tls'],
    found: ['kubelet-certificate', 'warning', /x509-unknown-authority/, /serverTLSBootstrap/],
  },
  {
    name: 'kubelets whose certificates name no IP address',
    make: () => kubelets({ kind: 'certificate', problem: 'wrong-name' }),
    found: ['kubelet-certificate', 'error', /x509-name-mismatch: .*the certificate is not for 127\.1\.0\.1, node-1, it offers DNS:other-node/, /reissue the certificates/],
  },
  { name: 'an expired certificate', make: () => kubelets({ kind: 'certificate', problem: 'expired' }, 1), found: ['kubelet-certificate', 'error', /x509-expired: node-1/, /renew/] },
  { name: 'kubelets that answer 401', make: () => kubelets({ kind: 'status', code: 401 }), found: ['kubelet-authorization', 'error', /unauthorized: node-1/, /authentication\.webhook\.enabled/] },
  { name: 'kubelets that answer 403', make: () => kubelets({ kind: 'status', code: 403 }), found: ['kubelet-authorization', 'error', /forbidden: node-1/, /nodes\/metrics/] },
  { name: 'a kubelet that has no page', make: () => kubelets({ kind: 'status', code: 404 }, 1), found: ['kubelet-page', 'error', /http-status: node-1/, /1\.14/] },
  {
    name: 'no metrics to serve: an empty list',
    make: () => { patient.answers = { code: 200, body: { items: [] } }; },
    found: ['metrics', 'error', /no metrics to serve/, /wait for two scrapes/],
  },
  {
    name: 'metrics of some nodes only',
    make: () => { patient.answers = { code: 200, body: { items: [{ metadata: { name: 'node-2' }, timestamp: new Date().toISOString() }] } }; },
    found: ['metrics', 'warning', /no metrics of 2 nodes: node-1, node-3/, /checks of kubelets/],
  },
  {
    name: 'metrics that are old',
    make: () => {
      patient.answers = { code: 200, body: { items: [1, 2, 3].map((id) => ({ metadata: { name: `node-${id}` }, timestamp: new Date(Date.now() - 300_000).toISOString() })) } };
    },
    found: ['metrics', 'warning', /metrics of 3 nodes are old/, /clocks/],
  },
  {
    name: 'anonymous is forbidden',
    make: () => {
      const message = 'nodes.metrics.k8s.io is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "metrics.k8s.io" at the cluster scope';
      patient.answers = { code: 403, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403, message } };
    },
    found: ['metrics', 'error', /User "system:anonymous" cannot list/, /--proxy-client-cert-file.*do not bind system:anonymous/],
  },
];

test.each(ILLNESSES)('finds $name', async ({ make, args, found: [check, severity, saw, mend] }) => {
  await make();
  const { findings, exitCode } = await patient.examine({ args });
  expect(findings).toContainEqual({ check, severity, saw: expect.stringMatching(saw), mend: expect.stringMatching(mend) });
  expect(exitCode).toBe(findings.some((finding) => finding.severity === 'error') ? 3 : 1);
});

test('finds that nothing is registered', async () => {
  for (const version of ['v1', 'v1beta1']) await patient.remove(`/apis/apiregistration.k8s.io/v1/apiservices/${version}.metrics.k8s.io`);
  expect(faults(await patient.examine())[0]).toBe('api-service-registered error: there is no APIService v1.metrics.k8s.io nor v1beta1.metrics.k8s.io');
});

describe('pods that cannot be dialled', () => {
  beforeEach(() => patient.cluster.apply({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'kube-system', name: 'metrics-server-1', labels: { 'kubernetes.io/service-name': 'metrics-server' } },
    ports: [{ port: 1 }],
    endpoints: [{ addresses: ['127.0.0.1'] }],
  }));

  test.each([[true, 'error'], [false, 'unknown']])('inside of the cluster (%s) are an %s', async (inCluster, severity) => {
    expect((await patient.examine({ inCluster })).findings).toContainEqual(expect.objectContaining({
      check: 'network-path', severity, saw: expect.stringMatching(/127\.0\.0\.1:1: connect ECONNREFUSED/),
    }));
  });
});

describe('with few rights', () => {
  test('says what it cannot look at, and looks at the rest', async () => {
    const report = await patient.examine({ user: 'jane' });
    expect(report.exitCode).toBe(1);
    const of = (check: string) => report.findings.filter((finding) => finding.check === check).map(({ severity }) => severity);
    expect(['requestheader-ca', 'anonymous-admin', 'endpoints', 'kubelet-reachable', 'server-rights'].flatMap(of)).toEqual(Array(5).fill('unknown'));
    expect(of('api-server')).toEqual(['ok']);
    expect(of('your-rights')).toEqual(['warning']);
  });

  test('in the server\'s pod, it asks what it may do itself, with the flags of the first process', async () => {
    const { findings } = await patient.examine({
      user: SERVER,
      processOne: [
        '/nodejs/bin/node', '/metrics-server', '--kubelet-use-node-status-port', '--kubelet-preferred-address-types=InternalIP',
        '--self-managed-cert-secret=kube-system/metrics-server-cert', '--self-managed-cert-service=kube-system/metrics-server',
      ],
    });
    expect(findings).toContainEqual({ check: 'server-rights', severity: 'ok', saw: `${SERVER} has every right it needs` });
    expect(findings).toContainEqual({ check: 'api-service-available', severity: 'ok', saw: 'v1.metrics.k8s.io is available' });
    expect(findings).toContainEqual({ check: 'serving-secret', severity: 'ok', saw: 'Secret kube-system/metrics-server-cert is there' });
    expect(findings).toContainEqual({ check: 'kubelet-authorization', severity: 'ok', saw: '3 of 3 kubelets let the one who asks read metrics' });
  });
});

describe('bounds', () => {
  test('what is not looked at in time is unknown', async () => {
    await kubelets({ kind: 'hang' });
    const { findings } = await patient.examine({ args: ['--timeout=2s'] });
    expect(findings).toContainEqual({ check: 'kubelet-reachable', severity: 'unknown', saw: 'not looked at: time is up after 2 s (--timeout)' });
    expect(findings.at(-1)).toMatchObject({ check: 'metrics', severity: 'unknown' });
  });

  test('it can be interrupted', async () => {
    const report = await patient.examine({ signal: AbortSignal.abort(new Error('interrupted')) });
    expect(new Set(report.findings.map(({ saw }) => saw))).toEqual(new Set(['not looked at: interrupted']));
  });

  test('credentials are shown to no kubelet that is not verified', async () => {
    await kubelets({ kind: 'certificate', problem: 'unknown-authority' });
    const before = patient.cluster.kubelets.map(({ requests }) => requests);
    await patient.examine({ args: ['--kubelet-insecure-tls'] });
    expect(patient.cluster.kubelets.map(({ requests }) => requests)).toEqual(before);
  });
});

describe('for people', () => {
  test('a line for each finding, its mend below, and counts', async () => {
    await kubelets({ kind: 'status', code: 403 }, 1);
    const { code, text } = await patient.doctor({});
    expect(code).toBe(3);
    expect(text).toMatch(/^ok {7}api-server {17}Kubernetes v1\.30\.0, asked as kubernetes-admin$/m);
    expect(text).toMatch(/^error {4}kubelet-authorization {6}1 of 3 kubelets: forbidden: node-1; .*\n {36}mend: grant get on nodes\/metrics/m);
    expect(text).toMatch(/\n\n1 error, 0 warning, 0 unknown, \d+ ok\n$/);
  });

  test('--help tells flags and exit codes', async () => {
    expect(await patient.doctor({ args: ['--help'] })).toMatchObject({ code: 0, text: expect.stringMatching(/--output string .*\n[^]*Exit codes: 0 nothing is wrong/) });
  });
});

test.each([
  [['--output=yaml'], /^--output=yaml is no form of the report; give text or json$/],
  [['--service=metrics-server'], /^--service=metrics-server names no Service; give namespace\/name$/],
  [['--kubelet-preferred-address-types=Nickname'], /Nickname/],
  [['--outptu=json'], /unknown flag: --outptu, did you mean --output\?/],
])('refuses %j', async (args, message) => {
  await expect(patient.doctor({ args })).rejects.toThrow(message);
});

test('without an API server there is one error', async () => {
  const dead = await Patient.start();
  await dead.cluster.api.stop();
  const { findings, exitCode } = await dead.examine();
  await dead.stop();
  expect(exitCode).toBe(3);
  expect(findings[0]).toMatchObject({ check: 'api-server', severity: 'error', saw: expect.stringMatching(/connection refused/) });
  expect(findings.filter(({ severity }) => severity === 'error')).toHaveLength(1);
});
