import { execFileSync } from 'child_process';
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Cluster } from '../../cluster';
import { eventually } from '../../control-plane/eventually';
import { Process } from '../../control-plane/process';
import { goModule } from '../../go-module';
import { SecretVolumes } from '../../secret-volumes';

export const NAMESPACE = 'keda';
export const SERVICE = 'keda-metrics-apiserver';
const OPERATOR = 'keda-operator';

/** Play the addresses of its pods and Services; kube-apiserver refuses loopback addresses in an EndpointSlice. */
const ADAPTER_ADDRESS = '192.0.2.10';
const OPERATOR_ADDRESS = '127.0.0.9';
/** So that the URL of its Service leads there. */
const HTTPS = 443;

/** KEDA's own manifests, and its programs with the arguments that these give them. */
export class Keda {
  public static async start(cluster: Cluster): Promise<Keda> {
    const hosts = cluster.controlPlane.path('hosts');
    writeFileSync(hosts, `127.0.0.1 localhost\n${ADAPTER_ADDRESS} ${SERVICE}.${NAMESPACE}.svc\n${OPERATOR_ADDRESS} ${OPERATOR}.${NAMESPACE}.svc.cluster.local\n`);
    execFileSync('mount', ['--bind', hosts, '/etc/hosts']);
    await cluster.kubectl.run('apply', '--server-side', '-k', join(goModule('github.com/kedacore/keda/v2'), 'config/minimal'));
    const deployments = await Promise.all([OPERATOR, SERVICE].map((name) => cluster.kubectl.json('get', 'deployment', '-n', NAMESPACE, name)));
    const [operator, adapter] = deployments.map(({ spec: { template } }) => template.spec);
    const keda = new Keda(cluster, operator, adapter);
    await keda.writeKubeconfig();
    await keda.startOperator();
    await keda.startAdapter();
    return keda;
  }

  private operator!: Process;
  private adapter!: Process;
  private readonly volumes: SecretVolumes;
  private readonly kubeconfig: string;

  private constructor(private readonly cluster: Cluster, private readonly operatorPod: any, private readonly adapterPod: any) {
    const { controlPlane } = cluster;
    this.kubeconfig = controlPlane.path('keda.kubeconfig');
    this.volumes = new SecretVolumes(controlPlane, { metadata: { namespace: NAMESPACE, name: OPERATOR }, spec: operatorPod });
  }

  /** Its operator with further arguments. */
  public async restartOperator(...further: readonly string[]): Promise<void> {
    await this.operator.stop();
    this.operator = this.runOperator(further);
  }

  public tail(): string {
    return [this.operator, this.adapter].map((program) => program?.tail()).join('\n');
  }

  public async stop(): Promise<void> {
    for (const program of [this.adapter, this.operator]) await program?.stop();
  }

  /** Made its certificates, it ends, for its pod to start with them mounted. */
  private async startOperator(): Promise<void> {
    this.operator = this.runOperator();
    await eventually(() => this.volumes.write()).catch((error) => { throw new Error(`${error.message}\n${this.tail()}`); });
    await this.operator.exited;
    this.operator = this.runOperator();
  }

  private runOperator(further: readonly string[] = []): Process {
    return this.run('operator', [
      ...argumentsOf(this.operatorPod).filter((arg) => arg !== '--leader-elect'), `--cert-dir=${this.certificates}`,
      `--metrics-service-bind-address=${OPERATOR_ADDRESS}:9666`, '--metrics-bind-address=0', '--health-probe-bind-address=0', ...further,
    ]);
  }

  private async startAdapter(): Promise<void> {
    this.adapter = this.run('adapter', [
      ...argumentsOf(this.adapterPod).map((arg) => this.volumes.onThisMachine(arg)),
      `--cert-dir=${this.certificates}`, `--bind-address=${ADAPTER_ADDRESS}`, `--secure-port=${HTTPS}`,
      ...['lister', 'authentication', 'authorization'].map((name) => `--${name}-kubeconfig=${this.kubeconfig}`),
    ]);
    await this.cluster.controlPlane.request('POST', `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices`, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: SERVICE, namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': SERVICE } },
      addressType: 'IPv4',
      ports: [{ name: 'https', port: HTTPS, protocol: 'TCP' }],
      endpoints: [{ addresses: [ADAPTER_ADDRESS], conditions: { ready: true } }],
    });
  }

  private run(name: string, args: readonly string[]): Process {
    return new Process(`keda ${name}`, join(process.env.KEDA_ASSETS!, name), args, this.cluster.controlPlane.path(`keda-${name}.log`), {
      PATH: process.env.PATH, KUBECONFIG: this.kubeconfig, POD_NAMESPACE: NAMESPACE, KEDA_CLUSTER_OBJECT_NAMESPACE: NAMESPACE, WATCH_NAMESPACE: '',
    });
  }

  /** Where a kubelet mounts them. */
  private get certificates(): string {
    return this.volumes.onThisMachine('=/certs/').slice(1);
  }

  /** As its pods' ServiceAccount. */
  private async writeKubeconfig(): Promise<void> {
    const token = (await this.cluster.kubectl.run('create', 'token', '-n', NAMESPACE, OPERATOR)).trim();
    const config = JSON.parse(readFileSync(this.cluster.controlPlane.kubeconfig('admin'), 'utf8'));
    writeFileSync(this.kubeconfig, JSON.stringify({ ...config, users: [{ name: 'admin', user: { token } }] }));
  }
}

function argumentsOf({ containers: [{ args }] }: any): readonly string[] {
  return args;
}
