import { IncomingMessage, ServerResponse } from 'node:http';
import { RIGHTS } from '../../../src/_facts/rights';
import { systemClock } from '../../../src/runtime/clock';
import { doctor } from '../../../src/runtime/doctor/doctor';
import { API_SERVICE_NAMES } from '../../../src/runtime/doctor/objects';
import { HttpsServer } from '../../simulated-cluster/https-server';
import { KubeObject } from '../../simulated-cluster/kube-object';
import { createCertificateAuthority, Identity, issueCertificate } from '../../simulated-cluster/pki';
import { SimulatedCluster, startSimulatedCluster } from '../../simulated-cluster/simulated-cluster';

export const SERVER = 'system:serviceaccount:kube-system:metrics-server';
const META = { namespace: 'kube-system', name: 'metrics-server' };
const LABELS = { 'k8s-app': 'metrics-server' };
const RBAC = 'rbac.authorization.k8s.io/v1';

export interface Report {
  readonly findings: readonly { readonly check: string; readonly severity: string; readonly saw: string; readonly mend?: string }[];
  readonly summary: Readonly<Record<string, number>>;
  readonly exitCode: number;
}

/** A simulated cluster with a server in it that is well until a test makes it ill. */
export class Patient {
  static async start(): Promise<Patient> {
    const cluster = await startSimulatedCluster({ nodes: 3, pods: 3 });
    const ca = await createCertificateAuthority('metrics-server-ca');
    const identity = await issueCertificate(ca, { commonName: 'metrics-server', dnsNames: ['metrics-server.kube-system.svc'], usages: ['server'] });
    const patient = new Patient(cluster, ca, identity);
    patient.server = await HttpsServer.listen({ identity, clientCa: cluster.ca.certificate, host: '127.0.0.1', handler: (...exchange) => patient.answer(...exchange) });
    await patient.heal();
    return patient;
  }

  /** What the server answers; the metrics of all nodes if undefined. */
  answers: { readonly code: number; readonly body: object } | undefined;
  private server!: HttpsServer;

  private constructor(readonly cluster: SimulatedCluster, readonly ca: Identity, private readonly identity: Identity) {}

  /** Everything as it should be. */
  async heal(): Promise<void> {
    await this.cluster.request('DELETE', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/anonymous-role-binding');
    await Promise.all(this.cluster.kubelets.map((kubelet) => kubelet.setFault()));
    this.answers = undefined;
    this.show(this.identity);
    for (const object of this.objects()) this.cluster.apply(object);
    this.cluster.api.setEndpoint(META.namespace, META.name, { host: '127.0.0.1', port: this.server.port });
  }

  /** The APIServices with other trust, or another condition Available. */
  register(spec: object = {}, condition: object = { status: 'True', reason: 'Passed', message: 'all checks passed' }): void {
    for (const name of API_SERVICE_NAMES) this.cluster.apply(apiService(name, { caBundle: base64(this.ca.certificate), ...spec }, condition));
  }

  async remove(path: string): Promise<void> {
    const { code } = await this.cluster.request('DELETE', path);
    expect(code).toBe(200);
  }

  /** Pods of another image, or with other flags. */
  runs(container: { readonly image?: string; readonly args?: readonly string[] }, status?: object): void {
    this.cluster.apply({ ...this.pod(container), ...status && { status } });
  }

  /** Another pod, of an older revision, which comes first by name. */
  leaves(container: { readonly args: readonly string[] }, metadata: object, status: object): void {
    const pod = this.pod(container);
    this.cluster.apply({ ...pod, metadata: { ...pod.metadata, name: 'metrics-server-0', ...metadata }, status });
  }

  noEndpoints(): void {
    const slice = this.objects().find(({ kind }) => kind === 'EndpointSlice') as any;
    this.cluster.apply({ ...slice, endpoints: [] });
  }

  /** Another serving certificate. */
  show(identity: Identity): void {
    this.server.setIdentity(identity, {});
  }

  /** `metrics-server doctor`, asked by an administrator unless another user is named. */
  async examine({ args = [], ...others }: Examine = {}): Promise<Report> {
    const output = await this.doctor({ ...others, args: ['--output=json', ...args] });
    const report: Report = JSON.parse(output.text);
    expect(output.code).toBe(report.exitCode);
    return report;
  }

  async doctor({ args = [], user = 'kubernetes-admin', inCluster = true, signal = new AbortController().signal, processOne = [], env = {} }: Examine): Promise<Output> {
    let text = '';
    const code = await doctor([`--kubeconfig=${await this.cluster.kubeconfigPath(user)}`, ...args], {
      clock: systemClock,
      random: Math.random,
      env: inCluster ? { KUBERNETES_SERVICE_HOST: '127.0.0.1', ...env } : env,
      signal,
      processOne: () => processOne,
      out: (more) => { text += more; },
    });
    return { code, text };
  }

  async stop(): Promise<void> {
    await this.server.close();
    await this.cluster.stop();
  }

  private pod(container: object): any {
    const pod = this.objects().find(({ kind }) => kind === 'Pod') as any;
    return { ...pod, spec: { ...pod.spec, containers: [{ ...pod.spec.containers[0], ...container }] } };
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const timestamp = new Date().toISOString();
    const items = this.cluster.kubelets.map(({ node }) => ({ metadata: { name: node.name }, timestamp, window: '10s', usage: {} }));
    const { code, body } = this.answers ?? { code: 200, body: { kind: 'NodeMetricsList', metadata: {}, items } };
    response.writeHead(request.url!.includes('/nodes') ? code : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private objects(): KubeObject[] {
    const port = this.server.port;
    return [
      ...API_SERVICE_NAMES.map((name) => apiService(name, { caBundle: base64(this.ca.certificate) }, { status: 'True', reason: 'Passed', message: 'all checks passed' })),
      { apiVersion: 'v1', kind: 'Service', metadata: META, spec: { selector: LABELS, ports: [{ name: 'https', port: 443, targetPort: 'https' }] } },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...META, name: 'metrics-server-1', labels: { 'kubernetes.io/service-name': META.name } },
        ports: [{ name: 'https', port }],
        endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...META, name: 'metrics-server-1', labels: LABELS },
        spec: {
          serviceAccountName: 'metrics-server',
          containers: [{
            name: 'metrics-server',
            args: ['--kubelet-use-node-status-port', '--kubelet-preferred-address-types=InternalIP', '--metric-resolution=15s', '--cert-dir=/tmp',
              '--self-managed-cert-secret=kube-system/metrics-server-serving-certificate', '--self-managed-cert-service=kube-system/metrics-server'],
          }],
        },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: { ...META, name: 'metrics-server-serving-certificate' }, data: { 'tls.key': base64('the key') } },
      { apiVersion: RBAC, kind: 'ClusterRole', metadata: { name: 'metrics-server' }, rules: [...RIGHTS.kubeletMetrics(), ...RIGHTS.inventory(), ...RIGHTS.caBundle(API_SERVICE_NAMES)] },
      { apiVersion: RBAC, kind: 'Role', metadata: META, rules: RIGHTS.servingCertificateSecret('metrics-server-serving-certificate') },
      ...['metrics-server', 'system:auth-delegator'].map((role) => binding('ClusterRoleBinding', { name: `metrics-server:${role}` }, { kind: 'ClusterRole', name: role })),
      binding('RoleBinding', META, { kind: 'Role', name: 'metrics-server' }),
      binding('RoleBinding', { ...META, name: 'auth-reader' }, { kind: 'Role', name: 'extension-apiserver-authentication-reader' }),
    ];
  }
}

export interface Output {
  readonly code: number;
  readonly text: string;
}

export interface Examine {
  readonly args?: readonly string[];
  readonly user?: string;
  readonly inCluster?: boolean;
  readonly signal?: AbortSignal;
  /** Arguments of the first process where the doctor runs. */
  readonly processOne?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

function apiService(name: string, spec: object, condition: object): KubeObject {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name },
    spec: { group: 'metrics.k8s.io', version: name.split('.')[0], service: { ...META }, ...spec },
    status: { conditions: [{ type: 'Available', ...condition }] },
  };
}

function binding(kind: string, metadata: KubeObject['metadata'], roleRef: object): KubeObject {
  return { apiVersion: RBAC, kind, metadata, roleRef, subjects: [{ kind: 'ServiceAccount', ...META }] };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
