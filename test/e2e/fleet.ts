import { readFileSync } from 'fs';
import { ControlPlane } from './control-plane/control-plane';
import { Clock, systemClock } from '../../src/runtime/clock';
import { ApiClient, apiReviewer } from '../simulated-cluster/api-client';
import { nodeObject, podObject } from '../simulated-cluster/cluster-objects';
import { createFleet, SimulatedNode } from '../simulated-cluster/fleet';
import { Kubelet } from '../simulated-cluster/kubelet';

/** Simulated nodes whose kubelets ask the real kube-apiserver who may read their metrics. */
export class Fleet {
  public static async start(controlPlane: ControlPlane, props: { nodes: number; pods: number; clock?: Clock }): Promise<Fleet> {
    const { nodes, pods, clock = systemClock } = props;
    const fleet = new Fleet(controlPlane, clock);
    const simulated = createFleet({ nodes, pods, epochMs: clock.now() });
    const namespaces = new Set(simulated.flatMap((node) => node.pods.map(({ namespace }) => namespace)));
    namespaces.delete('kube-system');
    for (const name of namespaces) {
      await controlPlane.request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    for (const node of simulated) {
      await fleet.join(node);
    }
    return fleet;
  }

  public readonly nodes: SimulatedNode[] = [];
  private readonly kubelets: Kubelet[] = [];
  private readonly client: ApiClient;

  private constructor(private readonly controlPlane: ControlPlane, private readonly clock: Clock) {
    this.client = new ApiClient({
      server: `https://${controlPlane.host}:${controlPlane.port}`,
      ca: readFileSync(controlPlane.caFile, 'utf8'),
      certificate: readFileSync(controlPlane.path('admin.crt'), 'utf8'),
      key: readFileSync(controlPlane.path('admin.key'), 'utf8'),
    });
  }

  /** Starts the node's kubelet and registers the node and its pods. */
  public async join(node: SimulatedNode): Promise<void> {
    const { caFile } = this.controlPlane;
    const kubelet = await Kubelet.start({
      node,
      host: `127.1.0.${this.nodes.length + 1}`,
      clock: this.clock,
      ca: { certificate: readFileSync(caFile, 'utf8'), key: readFileSync(caFile.replace(/crt$/, 'key'), 'utf8') },
      reviewer: apiReviewer(this.client),
    });
    this.nodes.push(node);
    this.kubelets.push(kubelet);
    await this.controlPlane.request('POST', '/api/v1/nodes', nodeObject(node, kubelet));
    for (const pod of node.pods) {
      const object = podObject(pod, node.name);
      await this.controlPlane.request('POST', `/api/v1/namespaces/${pod.namespace}/pods`, object);
      await this.run(pod.namespace, pod.name);
    }
  }

  /** Says what a kubelet says of a pod whose containers have started. */
  public async run(namespace: string, name: string): Promise<void> {
    const now = new Date().toISOString();
    const conditions = ['PodScheduled', 'Ready'].map((type) => ({ type, status: 'True', lastTransitionTime: now }));
    await this.controlPlane.request('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}/status`,
      { status: { phase: 'Running', startTime: now, conditions } }, 'application/merge-patch+json');
  }

  public kubelet(nodeName: string): Kubelet {
    return this.kubelets.find(({ node }) => node.name === nodeName)!;
  }

  public async stop(): Promise<void> {
    this.client.close();
    await Promise.all(this.kubelets.map((kubelet) => kubelet.stop()));
  }
}
