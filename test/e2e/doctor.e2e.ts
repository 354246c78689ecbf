import { execFile } from 'child_process';
import { Cluster } from './cluster';
import { ControlPlaneOptions } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { createCertificateAuthority } from '../simulated-cluster/pki';

interface Finding {
  readonly check: string;
  readonly severity: string;
  readonly saw: string;
  readonly mend?: string;
}

const REQUEST_HEADER_FLAGS = ['client-ca-file', 'allowed-names', 'username-headers', 'group-headers', 'extra-headers-prefix'];

let cluster: Cluster;

afterEach(() => cluster?.stop());

async function start(options: ControlPlaneOptions = {}): Promise<void> {
  cluster = await Cluster.start({ nodes: 2, pods: 4, ...options });
  await cluster.apply();
  await cluster.startRuntime();
}

/** The doctor of the bundle, as an administrator's machine or a pod runs it. */
function doctor(env: NodeJS.ProcessEnv = {}, ...args: string[]): Promise<{ code: number; findings: Finding[] }> {
  return new Promise((resolve, reject) => {
    const argv = ['assets/runtime/main/index.js', 'doctor', '--output=json', ...args];
    execFile(process.execPath, argv, { env: { PATH: process.env.PATH, ...env } }, (error, stdout, stderr) => {
      try {
        resolve({ code: Number(error?.code ?? 0), findings: JSON.parse(stdout).findings });
      } catch {
        reject(new Error(stderr));
      }
    });
  });
}

const asAdmin = () => doctor({}, `--kubeconfig=${cluster.controlPlane.kubeconfig('admin')}`);

/** Until the doctor, asked again and again, finds it. */
async function finds(check: string, severity: string, saw: RegExp, mend?: RegExp): Promise<void> {
  await eventually(async () => {
    const { findings } = await asAdmin();
    expect(findings).toContainEqual({ check, severity, saw: expect.stringMatching(saw), ...mend && { mend: expect.stringMatching(mend) } });
  }, 60_000);
}

test('without a fault it finds none, from outside and as the server in its pod', async () => {
  await start();
  await cluster.metricsServed();
  for (const version of ['v1', 'v1beta1']) await cluster.apiServiceAvailable(`${version}.metrics.k8s.io`);

  const outside = await asAdmin();
  expect(outside.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  for (const check of ['requestheader-ca', 'ca-bundle', 'serving-secret', 'server-rights', 'kubelet-authorization', 'metrics']) {
    expect(outside.findings.filter((finding) => finding.check === check).map(({ severity }) => severity)).toContain('ok');
  }

  const { controlPlane, deployment } = cluster;
  const env = { KUBERNETES_SERVICE_HOST: controlPlane.host, KUBERNETES_SERVICE_PORT: String(controlPlane.port) };
  const inPod = await doctor(env, ...deployment.spec.template.spec.containers[0].args);
  expect(inPod.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(inPod.findings).toContainEqual({
    check: 'server-rights', severity: 'ok', saw: 'system:serviceaccount:kube-system:metrics-server has every right it needs',
  });
  expect(inPod.findings).toContainEqual({ check: 'kubelet-authorization', severity: 'ok', saw: '2 of 2 kubelets let the one who asks read metrics' });
});

test('a kube-apiserver without --requestheader-client-ca-file', async () => {
  await start({ without: REQUEST_HEADER_FLAGS.map((flag) => `--requestheader-${flag}`) });
  await finds('requestheader-ca', 'error', /^cluster doesn't provide requestheader-client-ca-file/, /--requestheader-client-ca-file/);
  await finds('api-service-available', 'error', /FailedDiscoveryCheck.*: 401$/, /see requestheader-ca/);
});

test('a kube-apiserver without --proxy-client-cert-file', async () => {
  await start({ without: ['--proxy-client-cert-file', '--proxy-client-key-file'] });
  await finds('api-service-available', 'error', /FailedDiscoveryCheck.*: 403$/, /--proxy-client-cert-file/);
});

test('a foreign caBundle, a missing right, an unreachable server and anonymous administrators', async () => {
  await start();
  await cluster.metricsServed();

  await cluster.kubectl.run('create', 'clusterrolebinding', 'anonymous-role-binding', '--clusterrole=cluster-admin', '--user=system:anonymous');
  await finds('anonymous-admin', 'warning', /ClusterRoleBinding anonymous-role-binding/, /^kubectl delete clusterrolebinding anonymous-role-binding$/);

  const role = cluster.object('ClusterRole', 'system:metrics-server');
  await cluster.kubectl.run('patch', 'clusterrole', role.metadata.name, '--type=merge', '-p', JSON.stringify({
    rules: role.rules.filter(({ resources }: { resources: string[] }) => resources[0] !== 'nodes/metrics' && resources[0] !== 'apiservices'),
  }));
  await finds('server-rights', 'error', /may not get nodes\/metrics: reading of kubelets is off/, /^grant get nodes\/metrics$/);

  // Without the right to mend it, the runtime leaves it.
  const caBundle = Buffer.from((await createCertificateAuthority('somebody else')).certificate).toString('base64');
  await cluster.kubectl.run('patch', 'apiservice', 'v1beta1.metrics.k8s.io', '--type=merge', '-p', JSON.stringify({ spec: { caBundle } }));
  await finds('ca-bundle', 'error', /caBundle of v1beta1\.metrics\.k8s\.io does not verify .*x509: certificate signed by unknown authority/, /put the CA/);

  await cluster.runtime.stop();
  await finds('api-service-available', 'error', /FailedDiscoveryCheck.*connection refused/, /the control plane cannot reach the Service/);
});
