import { execFile } from 'child_process';
import { Cluster } from './cluster';
import { ControlPlaneOptions } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { Shell } from './shell';
import { READER_ROLE } from '../runtime/doctor/reader-role';
import { KubeletFault } from '../simulated-cluster/kubelet-fault';
import { createCertificateAuthority } from '../simulated-cluster/pki';

interface Finding {
  readonly check: string;
  readonly severity: string;
  readonly saw: string;
  readonly mend?: string;
}

const REQUEST_HEADER_FLAGS = ['client-ca-file', 'allowed-names', 'username-headers', 'group-headers', 'extra-headers-prefix'];

let cluster: Cluster;

async function start(options: ControlPlaneOptions = {}): Promise<void> {
  cluster = await Cluster.start({ nodes: 2, pods: 4, ...options });
  await cluster.apply();
  await cluster.startRuntime();
}

interface Report {
  readonly findings: readonly Finding[];
  readonly exitCode: number;
}

/** The doctor of the bundle, as an administrator's machine or a pod runs it. */
function doctor(env: NodeJS.ProcessEnv = {}, ...args: string[]): Promise<Report> {
  return new Promise((resolve, reject) => {
    const argv = ['assets/runtime/main/index.js', 'doctor', '--output=json', ...args];
    execFile(process.execPath, argv, { env: { PATH: process.env.PATH, ...env } }, (error, stdout, stderr) => {
      try {
        const { findings, exitCode } = JSON.parse(stdout);
        expect([Number(error?.code ?? 0), stderr]).toEqual([exitCode, '']);
        resolve({ findings, exitCode });
      } catch (problem) {
        reject(stdout === '' ? new Error(stderr) : problem);
      }
    });
  });
}

/** From a machine outside, as a user of the control plane. */
const as = (user: string) => () => doctor({}, `--kubeconfig=${cluster.controlPlane.kubeconfig(user)}`);
const asAdmin = as('admin');

/** In the server's pod, with the flags of the server but for those given. */
function asServer(...args: string[]): Promise<Report> {
  const { controlPlane, deployment } = cluster;
  const env = { KUBERNETES_SERVICE_HOST: controlPlane.host, KUBERNETES_SERVICE_PORT: String(controlPlane.port) };
  const names = args.map((arg) => arg.split('=')[0]);
  const own: string[] = deployment.spec.template.spec.containers[0].args.filter((arg: string) => !names.includes(arg.split('=')[0]));
  return doctor(env, ...own, ...args);
}

/** The finding, when the doctor, asked again and again, comes to it. */
function finds(check: string, severity: string, saw: RegExp, mend?: RegExp, ask: () => Promise<Report> = asAdmin): Promise<Finding> {
  return eventually(async () => {
    const findings = (await ask()).findings.filter((finding) => finding.check === check);
    const expected = { severity, saw: expect.stringMatching(saw), ...mend && { mend: expect.stringMatching(mend) } };
    expect(findings).toContainEqual(expect.objectContaining(expected));
    return findings.find((finding) => finding.severity === severity && saw.test(finding.saw))!;
  }, 60_000);
}

/** Runs kubectl's commands of a mend as they stand there. */
async function follow({ mend = '' }: Finding): Promise<void> {
  const commands = [...mend.matchAll(/`(kubectl [^`<]+)`/g)].map(([, command]) => command);
  expect(commands).not.toEqual([]);
  await new Shell(cluster.controlPlane).run(...commands);
}

function found(findings: readonly Finding[], severity: string): string[] {
  return findings.filter((finding) => finding.severity === severity).map(({ check, saw }) => `${check}: ${saw}`);
}

function setFaults(fault?: KubeletFault): Promise<unknown> {
  return Promise.all(cluster.fleet.nodes.map(({ name }) => cluster.fleet.kubelet(name).setFault(fault)));
}

describe('without a fault', () => {
  afterAll(() => cluster.stop());
  beforeAll(async () => {
    await start();
    await cluster.metricsServed();
    for (const version of ['v1', 'v1beta1']) await cluster.apiServiceAvailable(`${version}.metrics.k8s.io`);
  });

  test('an administrator sees everything, and no error', async () => {
    const { findings } = await asAdmin();
    expect([found(findings, 'error'), found(findings, 'unknown')]).toEqual([[], []]);
    for (const check of ['requestheader-ca', 'ca-bundle', 'serving-secret', 'server-flags', 'server-rights', 'kubelet-authorization', 'metrics']) {
      expect(findings.filter((finding) => finding.check === check).map(({ severity }) => severity)).toContain('ok');
    }
  });

  test('the server in its pod finds its rights, and kubelets that let it read', async () => {
    const { findings, exitCode } = await asServer();
    expect([found(findings, 'error'), found(findings, 'unknown'), found(findings, 'warning'), exitCode]).toEqual([[], [], [], 0]);
    expect(found(findings, 'skipped')).toContainEqual(expect.stringMatching(/^service: cannot look at Service/));
    expect(found(findings, 'ok')).toContain('server-rights: system:serviceaccount:kube-system:metrics-server has every right it needs');
    expect(found(findings, 'ok')).toContain('kubelet-authorization: 2 of 2 kubelets let the one who asks read metrics');
  });

  test('who may do nothing is told so, and not that all is well', async () => {
    const { findings, exitCode } = await as('nobody')();
    expect([found(findings, 'error'), exitCode]).toEqual([[], 4]);
  });

  test('the ClusterRole of the guide is enough to see everything', async () => {
    await cluster.controlPlane.request('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', READER_ROLE);
    await cluster.kubectl.run('create', 'clusterrolebinding', 'doctor', `--clusterrole=${READER_ROLE.metadata.name}`, '--user=viewer');
    await eventually(async () => {
      const { findings } = await as('viewer')();
      expect([found(findings, 'error'), found(findings, 'unknown')]).toEqual([[], []]);
    });
  });

  test('whoever has no kubeconfig is told so', async () => {
    await expect(doctor({ HOME: '/nonexistent' })).rejects.toThrow(/^Error: .*kubeconfig/);
  });
});

describe('what is wrong is found, and mended by the commands of the report', () => {
  beforeAll(async () => {
    await start();
    await cluster.metricsServed();
  });
  afterEach(() => setFaults());
  afterAll(() => cluster.stop());

  test('anonymous administrators', async () => {
    await cluster.kubectl.run('create', 'clusterrolebinding', 'anonymous-role-binding', '--clusterrole=cluster-admin', '--user=system:anonymous');
    await follow(await finds('anonymous-admin', 'warning', /ClusterRoleBinding anonymous-role-binding/, /kubectl delete clusterrolebinding/));
    await finds('anonymous-admin', 'ok', /no ClusterRoleBinding/);
  });

  test('a deleted Secret', async () => {
    await cluster.kubectl.run('delete', 'secret', '-n', 'kube-system', 'metrics-server-serving-certificate');
    await follow(await finds('serving-secret', 'error', /Secret kube-system\/metrics-server-serving-certificate is gone/));
    await finds('serving-secret', 'ok', /is there/);
    await finds('ca-bundle', 'ok', /caBundle of v1beta1\.metrics\.k8s\.io verifies/);
  });

  test('missing rights, which keep the runtime from kubelets and from a foreign caBundle', async () => {
    const role = cluster.object('ClusterRole', 'system:metrics-server');
    const rules = role.rules.filter(({ resources }: { resources: string[] }) => resources[0] !== 'nodes/metrics' && resources[0] !== 'apiservices');
    await cluster.kubectl.run('patch', 'clusterrole', role.metadata.name, '--type=merge', '-p', JSON.stringify({ rules }));
    const kubelets = await finds('server-rights', 'error', /may not get nodes\/metrics: reading of kubelets is off/);
    await finds('kubelet-authorization', 'error', /forbidden/, /see server-rights/, asServer);
    const caBundle = Buffer.from((await createCertificateAuthority('somebody else')).certificate).toString('base64');
    await cluster.kubectl.run('patch', 'apiservice', 'v1beta1.metrics.k8s.io', '--type=merge', '-p', JSON.stringify({ spec: { caBundle } }));
    await finds('ca-bundle', 'error', /caBundle of v1beta1\.metrics\.k8s\.io does not verify .*x509: certificate signed by unknown authority/, /put the CA/);

    await follow(kubelets);
    await finds('kubelet-authorization', 'ok', /2 of 2/, undefined, asServer);
    for (const version of ['v1', 'v1beta1']) await follow(await finds('server-rights', 'error', new RegExp(`APIService ${version}\\.metrics\\.k8s\\.io is off`)));
    await finds('server-rights', 'ok', /every right/);
    await finds('ca-bundle', 'ok', /caBundle of v1beta1\.metrics\.k8s\.io verifies/);
  });

  test('names of nodes that nobody resolves', async () => {
    const ask = () => asServer('--kubelet-preferred-address-types=Hostname');
    const { mend } = await finds('kubelet-reachable', 'error', /dns: node-1/, /InternalIP/, ask);
    const [flag] = /--kubelet-preferred-address-types=\S+(?=:)/.exec(mend!)!;
    await finds('kubelet-reachable', 'ok', /2 of 2/, undefined, () => asServer(flag));
  });

  test.each<[string, KubeletFault, string, RegExp, RegExp]>([
    ['sign their own certificates', { kind: 'certificate', problem: 'unknown-authority' }, 'kubelet-certificate', /x509-unknown-authority/, /serverTLSBootstrap: true/],
    ['have a certificate of others', { kind: 'certificate', problem: 'wrong-name' }, 'kubelet-certificate', /x509-name-mismatch/, /serverTLSBootstrap: true/],
    ['answer 401', { kind: 'status', code: 401 }, 'kubelet-authorization', /unauthorized/, /authentication\.webhook\.enabled: true/],
    ['answer 403', { kind: 'status', code: 403 }, 'kubelet-authorization', /forbidden/, /authorization\.mode: Webhook/],
    ['do not listen', { kind: 'refuse' }, 'kubelet-reachable', /refused/, /--kubelet-port/],
  ])('kubelets that %s', async (_, fault, check, saw, mend) => {
    await setFaults(fault);
    await finds(check, 'error', saw, mend, asServer);
    await setFaults();
    await finds(check, 'ok', /2 of 2/, undefined, asServer);
  });

  test('no metrics to serve', async () => {
    await setFaults({ kind: 'status', code: 500 });
    await finds('metrics', 'error', /no metrics to serve|cannot be read/, /checks of kubelets|endpoints/);
    await setFaults();
    await finds('metrics', 'ok', /metrics of 2 nodes in v1beta1/);
  });

  test('nobody who serves', async () => {
    await cluster.runtime.stop();
    await finds('api-service-available', 'error', /FailedDiscoveryCheck.*connection refused/, /nothing listens where the Service leads/);
    await cluster.startRuntime();
    await finds('api-service-available', 'ok', /v1beta1/);
  });
});

describe('flags of kube-apiserver', () => {
  afterEach(() => cluster.stop());

  test('without --requestheader-client-ca-file, nobody knows kube-apiserver', async () => {
    await start({ without: REQUEST_HEADER_FLAGS.map((flag) => `--requestheader-${flag}`) });
    await finds('requestheader-ca', 'error', /^cluster doesn't provide requestheader-client-ca-file/, /--requestheader-client-ca-file/);
    await finds('api-service-available', 'error', /FailedDiscoveryCheck.*: 401$/, /see requestheader-ca/);
  });

  test('without --proxy-client-cert-file, it is taken for nobody', async () => {
    await start({ without: ['--proxy-client-cert-file', '--proxy-client-key-file'] });
    await finds('api-service-available', 'error', /FailedDiscoveryCheck.*: 403$/, /--proxy-client-cert-file/);
    // Who may read discovery keeps the APIService available: then the figures are refused.
    await cluster.kubectl.run('create', 'clusterrolebinding', 'anonymous-discovery', '--clusterrole=system:discovery', '--user=system:anonymous');
    await finds('metrics', 'error', /User "system:anonymous" cannot list resource "nodes"/, /--proxy-client-cert-file.*do not bind system:anonymous/);
  });

  test('with one CA for users and front proxy, and no allowed names, anybody may be anybody', async () => {
    const oneCa = (path: (name: string) => string) => [`--requestheader-client-ca-file=${path('ca.crt')}`];
    // From some version on kube-apiserver itself does not start so.
    const refusal = await start({ allowedNames: [], apiServerFlags: oneCa }).then(() => '', ({ message }: Error) => message);
    if (refusal === '') {
      await finds('requestheader-ca-separate', 'warning', /any user's certificate may speak for anybody/, /--requestheader-allowed-names/);
      await cluster.stop();
    } else {
      expect(refusal).toContain('--requestheader-allowed-names must be specified');
    }
    await start({ apiServerFlags: oneCa });
    await finds('requestheader-ca-separate', 'ok', /only front-proxy-client may speak for others/);
  });
});
