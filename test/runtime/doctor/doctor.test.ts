import { Patient, Report, SERVER } from './patient';
import { READER_ROLE } from './reader-role';
import { CHECKS } from '../../../src/runtime/doctor/checks';
import { EXIT_CODES, WORST_FIRST } from '../../../src/runtime/doctor/diagnosis';
import { authenticationConfigMap } from '../../simulated-cluster/cluster-objects';
import { HttpsServer } from '../../simulated-cluster/https-server';
import { KubeObject } from '../../simulated-cluster/kube-object';
import { KubeletFault } from '../../simulated-cluster/kubelet-fault';
import { createCertificateAuthority, Identity, issueCertificate } from '../../simulated-cluster/pki';

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

/** Until the next test. */
function grant(user: string, role: KubeObject): void {
  patient.cluster.apply(role);
  patient.cluster.apply({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'anonymous-role-binding' },
    roleRef: { kind: 'ClusterRole', name: role.metadata.name },
    subjects: [{ kind: 'User', name: user }],
  });
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
    found: ['anonymous-admin', 'warning', /ClusterRoleBinding anonymous-role-binding makes anonymous users cluster-admin/, /^`kubectl delete clusterrolebinding anonymous-role-binding`/],
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
    'dial tcp 10.96.44.2:443: connect: no route to host', 'context deadline exceeded', 'dial tcp 10.96.44.2:443: i/o timeout', 'EOF',
    'dial tcp 10.96.44.2:443: connect: host is down', 'dial tcp 10.96.44.2:443: connect: operation not permitted'].map((message): Illness => ({
    name: `a control plane that cannot reach Services: ${message}`,
    make: unavailable('FailedDiscoveryCheck', `${FAILED}: Get "https://10.96.44.2:443/apis/metrics.k8s.io/v1beta1": ${message}`),
    found: ['api-service-available', 'error', /FailedDiscoveryCheck/, /the control plane cannot reach the Service: .*--enable-aggregator-routing=true/],
  })),
  ...['No agent available', 'proxy error from 127.0.0.1:6443 while dialing 10.244.1.3:10250, code 502: 502 Bad Gateway'].map((message): Illness => ({
    name: `a control plane whose tunnel to the nodes is broken: ${message}`,
    make: unavailable('FailedDiscoveryCheck', `${FAILED}: Get "https://10.96.44.2:443/apis/metrics.k8s.io/v1beta1": ${message}`),
    found: ['api-service-available', 'error', /FailedDiscoveryCheck/, /the control plane cannot reach the Service through its tunnel to the nodes: .*konnectivity-agent/],
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
    found: ['endpoints', 'error', /no endpoint that is ready: pod metrics-server-1: metrics-server waits: CrashLoopBackOff after 7 restarts, ended with Error \(exit code 255\)/, /log of the pods/],
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
    make: () => patient.remove(`${SYSTEM}/secrets/metrics-server-serving-certificate`),
    found: ['serving-secret', 'error', /Secret kube-system\/metrics-server-serving-certificate is gone/, /apply the manifests again/],
  },
  {
    name: 'no right to nodes/metrics',
    make: () => patient.cluster.apply({
      apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'metrics-server' }, rules: [{ apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list', 'watch'] }],
    }),
    found: ['server-rights', 'error', new RegExp(`^${SERVER} may not get nodes/metrics: reading of kubelets is off$`), /`kubectl create clusterrole metrics-server-may-get-nodes-metrics --verb=get --resource=nodes\/metrics`/],
  },
  {
    name: 'no binding to extension-apiserver-authentication-reader',
    make: () => patient.remove(`${RBAC}/namespaces/kube-system/rolebindings/auth-reader`),
    found: ['server-rights', 'error', /may not list configmaps extension-apiserver-authentication/, /`kubectl create role -n kube-system .*--resource=configmaps --resource-name=extension-apiserver-authentication`/],
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
    name: 'kubelets whose certificates name the node alone, which metrics-server itself refuses',
    make: () => {
      patient.runs({ image: 'registry.k8s.io/metrics-server/metrics-server:v0.9.0' });
      return kubelets({ kind: 'certificate', problem: 'no-address' }, 1);
    },
    found: ['kubelet-certificate', 'error', /x509: cannot validate certificate for 127\.1\.0\.1 because it doesn't contain any IP SANs: node-1; it names DNS:node-1$/, /serverTLSBootstrap/],
  },
  {
    name: 'kubelets whose certificates are for others',
    make: () => kubelets({ kind: 'certificate', problem: 'wrong-name' }),
    found: ['kubelet-certificate', 'error', /x509-name-mismatch: .*the certificate is not for 127\.1\.0\.1, node-1, it offers DNS:other-node/, /have the certificates name the node or one of its addresses/],
  },
  { name: 'an expired certificate', make: () => kubelets({ kind: 'certificate', problem: 'expired' }, 1), found: ['kubelet-certificate', 'error', /x509-expired: node-1/, /renew/] },
  { name: 'kubelets that answer 401', make: () => kubelets({ kind: 'status', code: 401 }), found: ['kubelet-authorization', 'error', /unauthorized: node-1/, /authentication\.webhook\.enabled/] },
  { name: 'kubelets that answer 403', make: () => kubelets({ kind: 'status', code: 403 }), found: ['kubelet-authorization', 'error', /forbidden: node-1/, /authorization\.mode: Webhook/] },
  { name: 'a kubelet that has no page', make: () => kubelets({ kind: 'status', code: 404 }, 1), found: ['kubelet-page', 'error', /http-status: node-1/, /1\.14/] },
  {
    name: 'no metrics to serve: an empty list',
    make: () => { patient.answers = { code: 200, body: { items: [] } }; },
    found: ['metrics', 'error', /no metrics to serve/, /wait for two scrapes/],
  },
  {
    name: 'metrics of some nodes only',
    make: () => { patient.answers = { code: 200, body: { items: [{ metadata: { name: 'node-2' }, timestamp: new Date().toISOString() }] } }; },
    found: ['metrics', 'warning', /no metrics of 2 nodes in v1\.metrics\.k8s\.io: node-1, node-3/, /checks of kubelets/],
  },
  {
    name: 'metrics that are old',
    make: () => {
      patient.answers = { code: 200, body: { items: [1, 2, 3].map((id) => ({ metadata: { name: `node-${id}` }, timestamp: new Date(Date.now() - 300_000).toISOString() })) } };
    },
    found: ['metrics', 'warning', /metrics of 3 nodes in v1beta1\.metrics\.k8s\.io are old/, /clocks/],
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
  expect(exitCode).toBe(EXIT_CODES[WORST_FIRST.find((worst) => findings.some((finding) => finding.severity === worst))!]);
});

describe('a pod of an older revision', () => {
  const OLDER = { args: ['--kubelet-preferred-address-types=Hostname'] };
  const READY = [{ type: 'Ready', status: 'True' }];
  afterEach(() => patient.remove(`${SYSTEM}/pods/metrics-server-0`));

  test.each([
    ['was evicted', {}, { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }],
    ['has ended', {}, { phase: 'Succeeded', conditions: [{ type: 'Ready', status: 'False', reason: 'PodCompleted' }] }],
    ['is about to end', { deletionTimestamp: '2026-01-01T00:00:00Z' }, { phase: 'Running', conditions: READY }],
  ])('that %s says nothing of the server', async (_, metadata, status) => {
    patient.leaves(OLDER, metadata, status);
    const report = await patient.examine();
    expect(faults(report)).toEqual([]);
    expect(report.findings).toContainEqual({ check: 'server-flags', severity: 'ok', saw: 'flags of Pod kube-system/metrics-server-1' });
  });

  test('that is not ready is named, and its flags are not taken', async () => {
    patient.leaves(OLDER, {}, { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] });
    expect(faults(await patient.examine())).toEqual(['endpoints warning: pod metrics-server-0: Running']);
  });
});

describe('flags of the server that are wrong', () => {
  const CERTIFICATE = 'need both --kubelet-client-key and --kubelet-client-certificate';
  const RIGHT = ['--kubelet-use-node-status-port', '--kubelet-preferred-address-types=InternalIP'];
  const wrong = (source: string, mistake: string) => [`server-flags error: flags of ${source}: ${mistake}`];

  test.each([
    ['--metric-resolution=5s', 'metric-resolution should be a time duration at least 10s, but value 5s provided'],
    ['--metric-resolution=abc', 'invalid argument "abc" for "--metric-resolution" flag: time: invalid duration "abc"'],
    ['--metric-resolution=15s --kubelet-request-timeout=14s', 'metric-resolution should be larger than kubelet-request-timeout, but metric-resolution value 15s '
      + 'kubelet-request-timeout value 14s provided; the timeout may take 90% of the resolution'],
    ['--node-selector=a=b=c=d', '--node-selector "a=b=c=d" is no label selector: found \'=\', expected: \',\' or \'end of string\''],
    ['--kubelet-port=99999', '--kubelet-port must be a port from 1 to 65535, but value 99999 provided'],
    ['--kubelet-client-certificate=/x', CERTIFICATE],
  ])('are an error, and everything else is looked at: %s', async (flags, mistake) => {
    patient.runs({ args: [...RIGHT, ...flags.split(' ')] });
    const report = await patient.examine({ inCluster: false });
    expect([faults(report), report.exitCode]).toEqual([wrong('Pod kube-system/metrics-server-1', mistake), 3]);
    expect(report.findings).toContainEqual(expect.objectContaining({ check: 'server-flags', mend: expect.stringMatching(/^correct the flag in the manifests/) }));
    expect(report.findings).toContainEqual({ check: 'kubelet-page', severity: 'ok', saw: '3 of 3 kubelets answer with metrics' });
  });

  test('are all told', async () => {
    patient.runs({ args: [...RIGHT, '--kubelet-port=ten', '--metric-resolution=1s', '--self-managed-cert-secret=foo'] });
    expect(faults(await patient.examine()).map((fault) => fault.replace(/.*metrics-server-1: /, ''))).toEqual([
      'invalid argument "ten" for "--kubelet-port" flag: strconv.ParseInt: parsing "ten": invalid syntax',
      'metric-resolution should be a time duration at least 10s, but value 1s provided',
      'need both --self-managed-cert-secret and --self-managed-cert-service',
      '--self-managed-cert-secret must be namespace/name, but value "foo" provided',
    ]);
  });

  test('name a file that the pod does not have', async () => {
    const report = await patient.examine({ processOne: ['/metrics-server', ...RIGHT, '--kubelet-certificate-authority=/none/ca.crt'] });
    expect(faults(report)).toEqual(wrong('the first process here', '--kubelet-certificate-authority=/none/ca.crt cannot be read (ENOENT); check the path and its permissions'));
    expect(report.findings).toContainEqual({ check: 'kubelet-page', severity: 'ok', saw: '3 of 3 kubelets answer with metrics' });
  });

  const ENDED = { restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } };
  const crashed = (exitCode: number, message?: string) => ({
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [{ ...ENDED, name: 'metrics-server', lastState: { terminated: { exitCode, reason: 'Error', message } } }],
  });
  const named = (mistake: string) => `container metrics-server ended with exit code 2: unknown flag: ${mistake}`;
  const UPSTREAM = 'registry.k8s.io/metrics-server/metrics-server:v0.9.0';

  test.each([
    ['--kubelet-insecure-tsl', undefined, '--kubelet-insecure-tsl, did you mean --kubelet-insecure-tls?'],
    ['--metric_resolution=15s', undefined, '--metric_resolution, did you mean --metric-resolution?'],
    ['--wholly-other=1', UPSTREAM, '--wholly-other; --help lists every flag'],
    ['--kubelet-source=auto', UPSTREAM, '--kubelet-source, which metrics-server v0.9.0 does not know; the companion image does'],
    ['--kubelet-request-timeout=5s', 'mirror.example/metrics-server/metrics-server:v0.6.4', '--kubelet-request-timeout, which metrics-server v0.6.4 does not know yet; v0.7.0 does'],
    ['--logtostderr', UPSTREAM, '--logtostderr, which metrics-server dropped in v0.7.0; the companion image takes it'],
  ])('are named where a pod ends at them, and the nearest: %s of %s', async (flag, image, mistake) => {
    patient.runs({ image, args: [...RIGHT, flag] }, crashed(2));
    const report = await patient.examine();
    expect(report.findings).toContainEqual({
      check: 'server-flags', severity: 'error', saw: `flags of Pod kube-system/metrics-server-1: ${named(mistake)}`, mend: expect.stringMatching(/^correct the flag in the manifests/),
    });
    expect(report.exitCode).toBe(3);
  });

  test('are named by the last words of the server, which know better than a table', async () => {
    patient.runs({ image: 'example/other:v7', args: [...RIGHT, '--v=2'] }, crashed(2, 'Usage:\n…\npanic: unknown flag: --v\n\ngoroutine 1 [running]:\n'));
    const { findings } = await patient.examine();
    expect(findings).toContainEqual(expect.objectContaining({ check: 'server-flags', severity: 'error', saw: `flags of Pod kube-system/metrics-server-1: ${named('--v')}` }));
  });

  test('the last words of a pod stand beside its end', async () => {
    patient.noEndpoints();
    patient.runs({ args: RIGHT }, crashed(2, 'Error: --secure-port must be a port\n'));
    expect(faults(await patient.examine())).toContain('endpoints error: Service kube-system/metrics-server has no endpoint that is ready: pod metrics-server-1: metrics-server waits:'
      + ' CrashLoopBackOff after 4 restarts, ended with Error (exit code 2): --secure-port must be a port');
  });

  test('are a warning in a new pod while another serves', async () => {
    patient.leaves({ args: [...RIGHT, '--kubelet-insecure-tsl'] }, {}, crashed(2));
    const found = faults(await patient.examine());
    await patient.remove(`${SYSTEM}/pods/metrics-server-0`);
    expect(found).toContainEqual(`server-flags warning: flags of Pod kube-system/metrics-server-0: ${named('--kubelet-insecure-tsl, did you mean --kubelet-insecure-tls?')}`);
  });

  test.each([['that runs', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }], ['that starts', { phase: 'Pending' }], ['that ended well', crashed(0)]])(
    'are none that a pod %s has and the doctor does not know: a later release may', async (_, status) => {
      patient.runs({ args: [...RIGHT, '--of-a-later-release'] }, status);
      expect(faults(await patient.examine()).filter((fault) => fault.startsWith('server-flags'))).toEqual([]);
    });

  test('are none for a file that another pod does not have', async () => {
    patient.runs({ args: [...RIGHT, '--kubelet-certificate-authority=/none/ca.crt'] });
    const report = await patient.examine();
    expect(faults(report)).toEqual([]);
    expect(report.findings).toContainEqual(expect.objectContaining({ check: 'server-flags', saw: expect.stringMatching(/, but for --kubelet-certificate-authority, whose files/) }));
  });

  test('are none where the doctor\'s own flags stand against them', async () => {
    patient.runs({ args: [...RIGHT, '--kubelet-certificate-authority=/none/ca.crt'] });
    const report = await patient.examine({ args: ['--kubelet-insecure-tls'] });
    expect(faults(report)).toEqual([expect.stringMatching(/^kubelet-certificate warning: the server has --kubelet-insecure-tls/)]);
  });
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

  const seen = expect.stringMatching(/127\.0\.0\.1:1: connect ECONNREFUSED/);

  test('are an error inside of the cluster', async () => {
    expect((await patient.examine()).findings).toContainEqual({ check: 'network-path', severity: 'error', saw: seen, mend: expect.stringMatching(/NetworkPolicies/) });
  });

  test('are none from outside, where kube-apiserver can', async () => {
    expect((await patient.examine({ inCluster: false })).findings).toContainEqual({ check: 'network-path', severity: 'ok', saw: seen });
  });

  test('are unknown from outside, where kube-apiserver cannot either', async () => {
    patient.register({}, { status: 'False', reason: 'FailedDiscoveryCheck', message: '' });
    expect((await patient.examine({ inCluster: false })).findings).toContainEqual(
      { check: 'network-path', severity: 'unknown', saw: seen, mend: expect.stringMatching(/^run the doctor in the server's pod/) });
  });
});

describe('from outside, where kubelets cannot be reached', () => {
  beforeEach(() => kubelets({ kind: 'refuse' }));

  test('the metrics that are served prove that the server reads them', async () => {
    const report = await patient.examine({ inCluster: false });
    expect(faults(report)).toEqual([]);
    expect(report.exitCode).toBe(0);
    expect(report.findings).toContainEqual({ check: 'kubelet-reachable', severity: 'ok', saw: '3 of 3 kubelets can be reached; 3 by their metrics, which the server has' });
  });

  test('they prove nothing of certificates that nobody verifies', async () => {
    const { findings, exitCode } = await patient.examine({ inCluster: false, args: ['--kubelet-insecure-tls'] });
    expect(findings).toContainEqual({ check: 'kubelet-certificate', severity: 'unknown', saw: expect.stringMatching(/^no kubelet got so far/) });
    expect(findings).toContainEqual(expect.objectContaining({ check: 'kubelet-certificate', severity: 'warning', saw: expect.stringMatching(/--kubelet-insecure-tls/) }));
    expect(exitCode).toBe(4);
  });

  test('without metrics they are unknown, and metrics an error', async () => {
    patient.answers = { code: 200, body: { kind: 'NodeMetricsList', metadata: {}, items: [] } };
    const { findings, exitCode } = await patient.examine({ inCluster: false });
    expect(findings).toContainEqual(expect.objectContaining({ check: 'kubelet-reachable', severity: 'unknown', saw: expect.stringMatching(/^3 of 3 kubelets: refused/) }));
    expect(findings).toContainEqual(expect.objectContaining({ check: 'metrics', severity: 'error', saw: expect.stringMatching(/^there are no metrics to serve/) }));
    expect(exitCode).toBe(3);
  });
});

describe('without pods', () => {
  const deployment = (spec: object = {}, status: object = {}, more: readonly string[] = []) => patient.cluster.apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'kube-system', name: 'of-any-name' },
    spec: {
      template: {
        metadata: { labels: { 'k8s-app': 'metrics-server', 'of': 'mine' } },
        spec: {
          serviceAccountName: 'metrics-server',
          containers: [
            { name: 'proxy', args: ['--v=10', '--upstream=http://127.0.0.1/'] },
            { name: 'metrics-server', args: ['--kubelet-use-node-status-port', '--kubelet-preferred-address-types', 'InternalIP', '--kubelet-certificate-authority=/ca/ca.crt', ...more] },
          ],
        },
      },
      ...spec,
    },
    status,
  });
  beforeEach(async () => {
    await patient.remove(`${SYSTEM}/pods/metrics-server-1`);
    patient.noEndpoints();
  });
  afterEach(() => patient.cluster.request('DELETE', '/apis/apps/v1/namespaces/kube-system/deployments/of-any-name'));

  test('the flags are those of the Deployment, and the report says so', async () => {
    deployment();
    const { findings } = await patient.examine({ inCluster: false });
    const saw = 'flags of Deployment kube-system/of-any-name, which has no pods, but for --kubelet-certificate-authority, whose files only its pods have';
    expect(findings).toContainEqual({ check: 'server-flags', severity: 'ok', saw });
    expect(findings).toContainEqual({ check: 'kubelet-reachable', severity: 'ok', saw: '3 of 3 kubelets can be reached' });
    expect(findings).toContainEqual({ check: 'server-rights', severity: 'ok', saw: `${SERVER} has every right it needs` });
  });

  test.each([[[], ['server-flags error: flags of Deployment kube-system/of-any-name: unknown flag: --kubelet-prot, did you mean --kubelet-port?']], [[{ type: 'Available', status: 'True' }], []]])(
    'a flag that is not known is told unless the Deployment is available: %j', async (conditions, expected) => {
      deployment({}, { conditions }, ['--kubelet-prot=10250']);
      expect(faults(await patient.examine()).filter((fault) => fault.startsWith('server-flags'))).toEqual(expected);
    });

  test.each([
    [{ replicas: 0 }, {}, /Deployment of-any-name has 0 replicas$/, /^`kubectl scale deployment -n kube-system of-any-name --replicas=1`$/],
    [{}, { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' }] }, /of-any-name: exceeded quota$/, /kubectl describe/],
  ])('the Deployment says why: %j %j', async (spec, status, saw, mend) => {
    deployment(spec, status);
    const { findings } = await patient.examine();
    expect(findings).toContainEqual({ check: 'endpoints', severity: 'error', saw: expect.stringMatching(saw), mend: expect.stringMatching(mend) });
  });

  test('and without a Deployment the flags are unknown, unless the doctor is given them', async () => {
    expect((await patient.examine()).findings).toContainEqual(
      { check: 'server-flags', severity: 'unknown', saw: expect.stringMatching(/whose defaults are assumed: there is no Deployment/), mend: expect.stringMatching(/give it the server's flags/) });
    expect((await patient.examine({ args: ['--kubelet-use-node-status-port'] })).findings).toContainEqual(
      { check: 'server-flags', severity: 'ok', saw: '--kubelet-use-node-status-port as the doctor was given, defaults otherwise' });
  });
});

describe('adapters of custom and external metrics', () => {
  const EXTERNAL = 'v1beta1.external.metrics.k8s.io';
  const CUSTOM = ['v1beta1.custom.metrics.k8s.io', 'v1beta2.custom.metrics.k8s.io'];
  let ca: Identity;
  let adapter: HttpsServer;

  /** An APIService that leads to an adapter. */
  const register = (name: string, { service = 'keda', caBundle = ca, ...status }: { service?: string; caBundle?: Identity; status: string; reason: string; message?: string }) =>
    patient.cluster.apply({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name },
      spec: {
        group: name.slice(name.indexOf('.') + 1),
        version: name.split('.')[0],
        service: { namespace: 'adapters', name: service },
        caBundle: Buffer.from(caBundle.certificate).toString('base64'),
      },
      status: { conditions: [{ type: 'Available', ...status }] },
    });

  const found = async () => (await patient.examine()).findings.filter(({ check }) => check === 'autoscaler-api-services').map(({ check, ...finding }) => finding);

  beforeAll(async () => {
    ca = await createCertificateAuthority('adapters');
    adapter = await HttpsServer.listen({
      identity: await issueCertificate(ca, { commonName: 'adapter', dnsNames: ['keda.adapters.svc', 'prometheus-adapter.adapters.svc'], usages: ['server'] }),
      clientCa: patient.cluster.ca.certificate,
      host: '127.0.0.1',
      handler: (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ kind: 'APIResourceList', resources: [] })),
    });
    for (const service of ['keda', 'prometheus-adapter']) patient.cluster.api.setEndpoint('adapters', service, { host: '127.0.0.1', port: adapter.port });
  });
  afterEach(() => Promise.all([EXTERNAL, ...CUSTOM].map((name) => patient.cluster.request('DELETE', `/apis/apiregistration.k8s.io/v1/apiservices/${name}`))));
  afterAll(() => adapter.close());

  test('are no matter where none is registered', async () => {
    expect(await found()).toEqual([{ severity: 'ok', saw: expect.stringMatching(/autoscalers can ask for CPU and memory only$/) }]);
  });

  test('answer, and the values behind them are said not to be looked at', async () => {
    register(EXTERNAL, { status: 'True', reason: 'Passed' });
    expect(await found()).toEqual([
      { severity: 'ok', saw: `${EXTERNAL} is available, and answers` },
      { severity: 'skipped', saw: `not looked at: values behind ${EXTERNAL}`, mend: expect.stringContaining('adapters/keda') },
    ]);
    expect((await patient.examine()).exitCode).toBe(0);
  });

  test('that kube-apiserver calls available and cannot verify are told', async () => {
    register(EXTERNAL, { status: 'True', reason: 'Passed', caBundle: patient.ca });
    expect(await found()).toEqual([{ severity: 'error', saw: expect.stringContaining(`${EXTERNAL} is said to be available, and requests to it fail: `), mend: expect.any(String) }]);
    expect((await patient.examine()).exitCode).not.toBe(0);
  });

  test('that share a group are told', async () => {
    register(CUSTOM[0], { status: 'True', reason: 'Passed', service: 'prometheus-adapter' });
    register(CUSTOM[1], { status: 'True', reason: 'Passed' });
    expect(await found()).toContainEqual({
      severity: 'warning',
      saw: expect.stringContaining(`${CUSTOM[0]} leads to Service adapters/prometheus-adapter, and ${CUSTOM[1]} to adapters/keda`),
      mend: expect.stringContaining('delete the APIService'),
    });
  });

  test.each([
    [{ reason: 'MissingEndpoints', message: 'endpoints have no addresses' }, /^see Service adapters\/keda, its pods and their log$/],
    [{ reason: 'FailedDiscoveryCheck', message: 'bad status from https://10.96.0.7:443/apis/external.metrics.k8s.io/v1beta1: 401' }, /does not know kube-apiserver/],
  ])('that cannot be reached are told, with the mend: %j', async (status, mend) => {
    register(EXTERNAL, { status: 'False', ...status });
    expect(await found()).toEqual([{ severity: 'error', saw: `${EXTERNAL} is not available: ${status.reason}: ${status.message}`, mend: expect.stringMatching(mend) }]);
  });
});

describe('with few rights', () => {
  test('says what it cannot look at, and looks at the rest', async () => {
    const report = await patient.examine({ user: 'jane' });
    expect(report.exitCode).toBe(4);
    const of = (check: string) => report.findings.filter((finding) => finding.check === check).map(({ severity }) => severity);
    const unseen = ['requestheader-ca', 'anonymous-admin', 'endpoints', 'server-flags', 'kubelet-reachable', 'server-rights'];
    expect(unseen.flatMap(of)).toEqual(unseen.map(() => 'unknown'));
    expect(of('api-server')).toEqual(['ok']);
    expect(of('your-rights')).toEqual(['warning']);
  });

  test('of kubelets that refuse whoever asks it says that this tells nothing of the server', async () => {
    const role = { ...READER_ROLE, rules: (READER_ROLE as any).rules.filter(({ resources }: { resources: string[] }) => resources[0] !== 'nodes/metrics') };
    grant('jane', role);
    const { findings } = await patient.examine({ user: 'jane' });
    expect(findings).toContainEqual({
      check: 'kubelet-authorization', severity: 'unknown', saw: expect.stringMatching(/^3 of 3 kubelets: forbidden/), mend: expect.stringMatching(/jane may not read kubelets/),
    });
  });

  test('who may read metrics and nothing else is told of those', async () => {
    grant('jane', { ...READER_ROLE, rules: (READER_ROLE as any).rules.filter(({ apiGroups }: { apiGroups: string[] }) => apiGroups[0] === 'metrics.k8s.io') });
    const { findings, exitCode } = await patient.examine({ user: 'jane' });
    expect(findings).toContainEqual({ check: 'metrics', severity: 'ok', saw: 'metrics of 3 nodes in v1beta1.metrics.k8s.io' });
    expect(findings).toContainEqual({ check: 'your-rights', severity: 'ok', saw: 'the user may read metrics of nodes and pods' });
    expect(exitCode).toBe(4);
  });

  test('the ClusterRole of the guide is enough to look at everything', async () => {
    grant('jane', READER_ROLE);
    const report = await patient.examine({ user: 'jane' });
    expect([faults(report), report.exitCode]).toEqual([[], 0]);
  });

  test('in the server\'s pod, it asks what it may do itself, with the flags of the first process', async () => {
    const { findings, exitCode } = await patient.examine({
      user: SERVER,
      processOne: [
        '/nodejs/bin/node', '/metrics-server', '--kubelet-use-node-status-port', '--kubelet-preferred-address-types=InternalIP',
        '--self-managed-cert-secret=kube-system/metrics-server-serving-certificate', '--self-managed-cert-service=kube-system/metrics-server',
      ],
    });
    expect(findings).toContainEqual({ check: 'server-rights', severity: 'ok', saw: `${SERVER} has every right it needs` });
    expect(findings).toContainEqual({ check: 'api-service-available', severity: 'ok', saw: 'v1.metrics.k8s.io is available' });
    expect(findings).toContainEqual({ check: 'serving-secret', severity: 'ok', saw: 'Secret kube-system/metrics-server-serving-certificate is there' });
    expect(findings).toContainEqual({ check: 'kubelet-authorization', severity: 'ok', saw: '3 of 3 kubelets let the one who asks read metrics' });
    const skipped = ['anonymous-admin', 'autoscaler-api-services', 'ca-bundle', 'endpoints', 'metrics', 'network-path', 'service'];
    expect([...new Set(findings.filter(({ severity }) => severity !== 'ok').map(({ check, severity }) => `${check} ${severity}`))].sort()).toEqual(skipped.map((check) => `${check} skipped`));
    expect(findings).toContainEqual({ check: 'service', severity: 'skipped', saw: expect.stringMatching(/^cannot look at Service .* is forbidden/), mend: expect.stringMatching(/^ask as somebody who may/) });
    expect(exitCode).toBe(0);
  });
});

describe('bounds', () => {
  afterEach(() => patient.cluster.api.setFault());

  test('a request that hangs keeps no check waiting that does not need it', async () => {
    await patient.cluster.api.setFault({ kind: 'hang', path: /clusterrolebindings/ });
    const report = await patient.examine({ args: ['--timeout=3s'] });
    expect(faults(report)).toEqual(['anonymous-admin unknown: not looked at: time is up after 3 s (--timeout)']);
    expect(report.exitCode).toBe(4);
  });

  test('kubelets that hang are unknown, and what else there is to see is seen', async () => {
    await kubelets({ kind: 'hang' });
    const { findings, exitCode } = await patient.examine({ args: ['--timeout=2s'] });
    expect(findings).toContainEqual({
      check: 'kubelet-reachable', severity: 'unknown', saw: '3 of 3 kubelets were not asked, or did not answer, in time', mend: 'give more time with --timeout',
    });
    expect(findings).toContainEqual({ check: 'metrics', severity: 'ok', saw: 'metrics of 3 nodes in v1beta1.metrics.k8s.io' });
    expect(exitCode).toBe(4);
  });

  test('of an API server that takes requests and answers none, nothing is known', async () => {
    await patient.cluster.api.setFault({ kind: 'hang' });
    const { findings, exitCode } = await patient.examine({ args: ['--timeout=1s'] });
    expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['unknown']));
    expect(exitCode).toBe(4);
  });

  test('it can be interrupted', async () => {
    const report = await patient.examine({ signal: AbortSignal.abort(new Error('interrupted')) });
    expect(report.exitCode).toBe(4);
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
  test('each finding with its mend below, and counts, within 80 columns but for commands', async () => {
    await kubelets({ kind: 'status', code: 403 }, 1);
    await patient.remove(`${SYSTEM}/secrets/metrics-server-serving-certificate`);
    const { code, text } = await patient.doctor({});
    expect(code).toBe(3);
    expect(text).toMatch(/^ok {7}api-server: Kubernetes v1\.30\.0, asked as kubernetes-admin$/m);
    expect(text).toMatch(/^error {4}kubelet-authorization: 1 of 3 kubelets: forbidden: node-1;[^]*?\n {9}mend: set authorization\.mode: Webhook in/m);
    expect(text).toMatch(/\n\n2 error, 0 unknown, 0 warning, 0 skipped, \d+ ok\n$/);
    expect(text.split('\n').filter((line) => line.length > 80 && !line.includes('`'))).toEqual([]);
    expect(text).toContain('`kubectl create secret generic -n kube-system metrics-server-serving-certificate`');
  });

  test('--help tells flags and exit codes within 80 columns', async () => {
    const { code, text } = await patient.doctor({ args: ['--help'] });
    expect(code).toBe(0);
    expect(text).toMatch(/^ {2}-o, --output string .*\n[^]*Exit codes, of the worst that was found:\n {2}0 {2}nothing is wrong, and everything was looked at,/m);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

test.each([
  [['--output=yaml'], /^--output=yaml is no form of the report; give text or json$/],
  [['--timeout=0s'], /^--timeout=0s is no time for anything; give a duration such as 1m$/],
  [['--service=metrics-server'], /^--service=metrics-server names no Service; give namespace\/name$/],
  [['--kubelet-port=ten'], /--kubelet-port/],
  [['--kubelet-certificate-authority=/none'], /^--kubelet-certificate-authority=\/none cannot be read \(ENOENT\)/],
  [['--help=false', 'foo'], /^doctor takes flags only, but "foo" is given/],
  [['foo'], /^doctor takes flags only, but "foo" is given; --help lists them$/],
  [['--output', 'json', '--', '--timeout=1s'], /^doctor takes flags only, but "--timeout=1s" is given/],
  [['--outptu=json'], /unknown flag: --outptu, did you mean --output\?/],
])('refuses %j', async (args, message) => {
  await expect(patient.doctor({ args })).rejects.toThrow(message);
});

describe('without --kubeconfig', () => {
  const args = ['--kubeconfig=', '--output=json'];

  test('the files of $KUBECONFIG are one, and those that are not there are passed over', async () => {
    const path = await patient.cluster.kubeconfigPath('kubernetes-admin');
    const { text } = await patient.doctor({ args, inCluster: false, env: { KUBECONFIG: `/none/config:${path}` } });
    expect((JSON.parse(text) as Report).findings[0].saw).toMatch(/, asked as kubernetes-admin$/);
  });

  test('a context of theirs may be named, in a pod too', async () => {
    const path = await patient.cluster.kubeconfigPath('kubernetes-admin');
    await expect(patient.doctor({ args: [...args, '--context=prod'], env: { KUBECONFIG: path } })).rejects.toThrow(`kubeconfig ${path}: has no context 'prod'; it has `);
  });
});

test('types of addresses that no node has are found where kubelets are asked', async () => {
  const { text } = await patient.doctor({ args: ['--kubelet-preferred-address-types=Nickname'] });

  expect(text).toMatch(/no address of type Nickname; the node's status offers/);
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
