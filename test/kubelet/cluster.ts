import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { ContainerCgroups } from './container-cgroups';
import { Node } from './node';
import { Cgroup } from '../cgroups/cgroup';
import { ControlPlane } from '../e2e/control-plane/control-plane';
import { eventually } from '../e2e/control-plane/eventually';
import { Kubectl } from '../e2e/control-plane/kubectl';
import { Process } from '../e2e/control-plane/process';
import { testChart } from '../synthesize';

const NODE = 'node-1';
/** As `in-namespaces` gives it to the bridge. */
const ADDRESS = '192.0.2.1';

/** A whole cluster of one node, with nothing simulated. */
export class RealCluster {
  public static async start(): Promise<RealCluster> {
    const controlPlane = await ControlPlane.start({
      host: ADDRESS,
      // With real nodes everything is as a cluster has it; Services are reached through kube-proxy alone.
      without: ['--disable-admission-plugins', '--authorization-mode', '--endpoint-reconciler-type', '--enable-aggregator-routing'],
      apiServerFlags: (path) => [
        '--authorization-mode=Node,RBAC', '--enable-admission-plugins=NodeRestriction', '--kubelet-preferred-address-types=InternalIP',
        `--kubelet-certificate-authority=${path('ca.crt')}`,
        `--kubelet-client-certificate=${path('kubelet-client.crt')}`, `--kubelet-client-key=${path('kubelet-client.key')}`,
      ],
      controllerManagerFlags: (path) => [
        '--controllers=*', `--cluster-signing-cert-file=${path('ca.crt')}`, `--cluster-signing-key-file=${path('ca.key')}`,
      ],
      users: {
        'kubelet': { commonName: `system:node:${NODE}`, organizations: ['system:nodes'] },
        'kubelet-client': { commonName: 'kube-apiserver-kubelet-client', organizations: ['system:masters'] },
        'kube-proxy': { commonName: 'system:kube-proxy' },
        'kube-scheduler': { commonName: 'system:kube-scheduler' },
      },
    });
    const kubeconfig = controlPlane.kubeconfig('kube-scheduler');
    const scheduler = new Process('kube-scheduler', join(controlPlane.binaries, 'kube-scheduler'), [
      ...['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map((flag) => `--${flag}=${kubeconfig}`), '--leader-elect=false',
    ], controlPlane.path('kube-scheduler.log'));
    const cluster = new RealCluster(controlPlane, scheduler, await Node.start(controlPlane, NODE, ADDRESS));
    await cluster.ready('node', NODE);
    // Pods of a namespace that has none yet are refused.
    await eventually(() => controlPlane.request('GET', '/api/v1/namespaces/default/serviceaccounts/default'));
    return cluster;
  }

  public readonly kubectl: Kubectl;
  private readonly cgroups = new ContainerCgroups();

  private constructor(public readonly controlPlane: ControlPlane, private readonly scheduler: Process, public readonly node: Node) {
    this.kubectl = new Kubectl(controlPlane);
  }

  /** `kubectl apply` of what is put into a chart. */
  public async apply(fill: (chart: Construct) => void): Promise<void> {
    const chart = testChart();
    fill(chart);
    await this.applyObjects(...chart.toJson());
  }

  public async applyObjects(...objects: any[]): Promise<void> {
    await this.kubectl.run('apply', '-f', this.write('applied.yaml', Yaml.stringify(...objects)));
  }

  /** A file for kubectl, gone with the cluster. */
  public write(name: string, text: string): string {
    const file = this.controlPlane.path(name);
    writeFileSync(file, text);
    return file;
  }

  /** Waits for a condition of an object. */
  public async ready(kind: string, name: string, condition = 'Ready', namespace = 'kube-system'): Promise<void> {
    await eventually(async () => {
      const { status } = await this.kubectl.json('get', kind, name, '-n', namespace);
      const { status: value, message } = status?.conditions?.find(({ type }: any) => type === condition) ?? {};
      if (value !== 'True') throw new Error(`${kind} ${name} is not ${condition}: ${message}\n${this.node.tail()}`);
    }, 90_000);
  }

  /** Running pods of a label, oldest first. */
  public async pods(label: string, namespace = 'kube-system'): Promise<any[]> {
    const { items } = await this.kubectl.json('get', 'pods', '-n', namespace, '-l', label, '--sort-by=.metadata.creationTimestamp');
    return items.filter(({ metadata, status }: any) => !metadata.deletionTimestamp && status.phase === 'Running');
  }

  public cgroupOf(pod: any, container: string): Cgroup {
    const { containerID } = pod.status.containerStatuses.find(({ name }: any) => name === container);
    return this.cgroups.of(containerID.replace('containerd://', ''));
  }

  public async stop(): Promise<void> {
    await this.node.stop();
    await this.scheduler.stop();
    await this.controlPlane.stop();
    rmSync(this.controlPlane.directory, { recursive: true, force: true });
  }
}
