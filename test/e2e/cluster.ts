import { readFileSync, rmSync, mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { ControlPlane, ControlPlaneOptions } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { Kubectl } from './control-plane/kubectl';
import { Process } from './control-plane/process';
import { Fleet } from './fleet';
import { Deployment, startRuntimeInPod } from './runtime-in-pod';
import { synthesizeExample } from '../../start/synthesize';

/** Where the runtime listens: the address that plays its pod's. */
const POD_ADDRESS = '192.0.2.10';

export const API_SERVICES = ['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io'];

export interface ClusterOptions extends ControlPlaneOptions {
  readonly nodes?: number;
  readonly pods?: number;
  /** Whose chart is applied. */
  readonly example?: string;
  /** File of another chart's manifest, instead of an example's. */
  readonly manifest?: string;
}

/** A real control plane with simulated nodes, to which the synthesized default chart is applied. */
export class Cluster {
  public static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const manifest = options.manifest ?? await manifestOf(options.example ?? 'default');
    const controlPlane = await ControlPlane.start(options);
    const fleet = await Fleet.start(controlPlane, { nodes: options.nodes ?? 3, pods: options.pods ?? 12 });
    return new Cluster(controlPlane, fleet, manifest);
  }

  public readonly kubectl: Kubectl;
  public readonly objects: readonly any[];
  public runtime!: Process;

  private constructor(public readonly controlPlane: ControlPlane, public readonly fleet: Fleet, public readonly manifest: string) {
    this.kubectl = new Kubectl(controlPlane);
    this.objects = parseAllDocuments(readFileSync(manifest, 'utf8')).map((document) => document.toJS());
  }

  public get deployment(): Deployment {
    return this.object('Deployment');
  }

  /** The synthesized object of a kind. */
  public object(kind: string, name?: string): any {
    return this.objects.find((one) => one.kind === kind && (name === undefined || one.metadata.name === name));
  }

  /** `kubectl apply` of the chart, and the EndpointSlice that the pod would get when it is Ready. */
  public async apply(): Promise<string> {
    const output = await this.kubectl.run('apply', '-f', this.manifest);
    const { name, namespace } = this.object('Service').metadata;
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'https', port: 10250, protocol: 'TCP' }],
      endpoints: [{ addresses: [POD_ADDRESS], conditions: { ready: true } }],
    };
    await this.controlPlane.request('POST', `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, slice);
    return output;
  }

  /** Runs a program of one's own in place of the runtime's, if there is one. */
  public async startRuntime(program?: string): Promise<Process> {
    return this.runtime = await startRuntimeInPod(this.controlPlane, this.deployment, program);
  }

  /** Resolves when every simulated node and pod has metrics. */
  public async metricsServed(): Promise<void> {
    await eventually(async () => {
      const nodes = await this.metrics('nodes');
      const pods = await this.metrics('pods');
      const expectedPods = this.fleet.nodes.flatMap((node) => node.pods).length;
      if (nodes.length < this.fleet.nodes.length || pods.length < expectedPods) {
        throw new Error(`metrics of ${nodes.length} nodes and ${pods.length} of ${expectedPods} pods\n${this.runtime.tail()}`);
      }
    }, 90_000);
  }

  /** Items of a list, read through kube-apiserver. */
  public async metrics(resource: string, version = 'v1beta1'): Promise<any[]> {
    return (await this.controlPlane.request(
      'GET', `/apis/metrics.k8s.io/${version}/${resource}`)).items;
  }

  public async apiServiceAvailable(name: string): Promise<void> {
    await eventually(async () => {
      const { status } = await this.controlPlane.request('GET', `/apis/apiregistration.k8s.io/v1/apiservices/${name}`);
      const available = status?.conditions?.find(({ type }: { type: string }) => type === 'Available');
      if (available?.status !== 'True') {
        throw new Error(`${name}: ${JSON.stringify(available)}\n${this.runtime.tail()}`);
      }
    });
  }

  public async stop(): Promise<void> {
    if (this.runtime?.running) {
      await this.runtime.stop();
    }
    await this.fleet.stop();
    await this.controlPlane.stop();
    rmSync(join(this.manifest, '..'), { recursive: true, force: true });
  }
}

async function manifestOf(example: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'chart-'));
  await synthesizeExample(example, directory);
  return join(directory, `${example === 'default' ? 'metrics-server' : example}.k8s.yaml`);
}
