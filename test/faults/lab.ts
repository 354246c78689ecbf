import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, RuntimeProcess, Workbench } from '../runtime/main/runtime-process';
import { Answer, askHttp1, Question } from '../runtime/server/client';
import { KubeObject } from '../simulated-cluster/kube-object';
import { Identity, issueCertificate } from '../simulated-cluster/pki';
import { SimulatedCluster, startSimulatedCluster } from '../simulated-cluster/simulated-cluster';
import { ADMIN } from '../simulated-cluster/user';

export const API = '/apis/metrics.k8s.io/v1beta1';

/** The shortest that there is: faults take their time as it is. */
export const RESOLUTION_MS = 10_000;
/** Figures are served for so long after a good answer. */
export const RETENTION_MS = 60_000;
/** Of one request to a kubelet. */
export const KUBELET_TIMEOUT_MS = 5_000;

/** Followed all the time: nodes, pods, and the ConfigMap with the authentication settings. */
const WATCHES = 3;

/** Standard streams, and the channel of `RuntimeProcess` after them. */
const FIRST_OWN_FD = 4;

/** As the image starts it. */
const NODE = [
  'env', 'MALLOC_ARENA_MAX=1', 'MALLOC_MMAP_THRESHOLD_=32768', 'NODE_OPTIONS=--disable-wasm-trap-handler',
  process.execPath, '--max-semi-space-size=2', '--expose-gc', '--require', join(__dirname, 'collect-garbage.js'),
];

/** Files of a lab, before anything runs. */
export interface LabFiles {
  readonly bench: Workbench;
  readonly cluster: SimulatedCluster;
  /** Path of a file in a directory of the lab's own. */
  path(name: string): string;
}

export interface LabSetup {
  readonly flags?: readonly string[];
  /** Put before the runtime's command. */
  readonly wrapper?: readonly string[];
}

/** A cluster of three nodes, and the real runtime in a process of its own. */
export class Lab {
  public static async start(bench: Workbench, setUp: (files: LabFiles) => LabSetup | Promise<LabSetup>): Promise<Lab> {
    const cluster = await startSimulatedCluster({ kubeletsKnowUsers: true, directory: bench.directory });
    grantReading(cluster, 'viewer');
    const { flags = [], wrapper = [] } = await setUp({ bench, cluster, path: (name) => join(cluster.directory, name) });
    const port = await freePort();
    const admin = await issueCertificate(cluster.ca, { commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
    const args = [
      `--kubeconfig=${await cluster.kubeconfigPath(ADMIN.name)}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      ...flags.some((flag) => flag.startsWith('--tls-cert-file')) ? [] : [`--cert-dir=${join(cluster.directory, 'certificates')}`],
      '--kubelet-use-node-status-port',
      '--kubelet-preferred-address-types=InternalIP',
      `--metric-resolution=${RESOLUTION_MS / 1000}s`,
      `--kubelet-request-timeout=${KUBELET_TIMEOUT_MS / 1000}s`,
      ...flags.some((flag) => flag.startsWith('--metric-retention')) ? [] : [`--metric-retention=${RETENTION_MS / 1000}s`],
      '--authentication-token-webhook-cache-ttl=1s',
      '--authorization-webhook-cache-authorized-ttl=1s',
      '--authorization-webhook-cache-unauthorized-ttl=1s',
      ...flags,
    ];
    registerApi(cluster, port);
    return new Lab(cluster, port, admin, () => bench.runBy([...wrapper, ...NODE], args));
  }

  /** Of a user who may read metrics because the API server says so, at each request. */
  readonly viewer: string;
  private process: RuntimeProcess;

  private constructor(
    readonly cluster: SimulatedCluster,
    readonly port: number,
    /** Needs nobody's word. */
    readonly admin: Identity,
    private readonly run: () => RuntimeProcess,
  ) {
    this.viewer = cluster.tokens.issue({ name: 'viewer', groups: ['system:authenticated'] });
    this.process = run();
  }

  get runtime(): RuntimeProcess {
    return this.process;
  }

  async restartRuntime(): Promise<void> {
    this.process.signal('SIGKILL');
    await this.process.exitCode;
    this.process = this.run();
  }

  ask(path: string, question: Question = {}): Promise<Answer> {
    return askHttp1(this.port, path, question);
  }

  asAdmin(path: string): Promise<Answer> {
    return this.ask(path, { identity: this.admin });
  }

  asViewer(path: string, ask = askHttp1): Promise<Answer> {
    return ask(this.port, path, { headers: { authorization: `Bearer ${this.viewer}` } });
  }

  /** The runtime's own metrics, by series as they are written. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const { body } = await this.asAdmin('/metrics');
    return new Map(body.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }));
  }

  /** Open when nobody asks anything: the port, connections to kubelets, watches. */
  get restingSockets(): number {
    return 1 + this.cluster.kubelets.length + WATCHES;
  }

  openSockets(): number {
    const directory = `/proc/${this.process.pid}/fd`;
    return readdirSync(directory).filter((fd) => {
      try {
        return Number(fd) >= FIRST_OWN_FD && readlinkSync(join(directory, fd)).startsWith('socket:');
      } catch {
        return false;
      }
    }).length;
  }

  collectGarbage(): void {
    this.process.signal('SIGUSR2');
  }

  residentBytes(): number {
    return this.status('VmRSS');
  }

  peakResidentBytes(): number {
    return this.status('VmHWM');
  }

  async stop(): Promise<void> {
    this.process.signal('SIGTERM');
    await this.process.exitCode;
    await this.cluster.stop();
  }

  private status(field: string): number {
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${this.process.pid}/status`, 'utf8'))![1]) * 1024;
  }
}

function grantReading(cluster: SimulatedCluster, user: string): void {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view-metrics' };
  cluster.apply({ apiVersion, kind: 'ClusterRole', metadata: { name: roleRef.name }, rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['*'], verbs: ['*'] }] });
  cluster.apply({ apiVersion, kind: 'ClusterRoleBinding', metadata: { name: user }, roleRef, subjects: [{ kind: 'User', name: user }] } as KubeObject);
}

function registerApi(cluster: SimulatedCluster, port: number): void {
  const service = { namespace: 'kube-system', name: 'metrics-server', port: 443 };
  cluster.api.setEndpoint(service.namespace, service.name, { host: '127.0.0.1', port });
  cluster.apply({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: { group: 'metrics.k8s.io', version: 'v1beta1', service, insecureSkipTLSVerify: true, groupPriorityMinimum: 100, versionPriority: 100 },
  });
}
