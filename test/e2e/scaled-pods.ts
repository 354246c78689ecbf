import { Cluster } from './cluster';
import { SimulatedNode, SimulatedPod } from '../simulated-cluster/fleet';

const MIB = 2 ** 20;

/** A Deployment that an autoscaler scales, and a simulated node that runs its pods. */
export class ScaledPods {
  public static async deploy(cluster: Cluster, namespace: string, app: string, replicas: number): Promise<ScaledPods> {
    const scaled = new ScaledPods(cluster, namespace, app);
    const node: SimulatedNode = { ...cluster.fleet.nodes[0], name: `node-${app}`, pods: scaled.pods };
    await cluster.fleet.join(node);
    await cluster.controlPlane.request('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: app },
      spec: {
        replicas,
        selector: { matchLabels: { app } },
        template: {
          metadata: { labels: { app } },
          spec: {
            nodeName: node.name,
            terminationGracePeriodSeconds: 0,
            containers: [{ name: app, image: `registry.example.com/${app}:1`, resources: { requests: { cpu: '200m' } } }],
          },
        },
      },
    });
    return scaled;
  }

  private readonly pods: SimulatedPod[] = [];

  private constructor(private readonly cluster: Cluster, private readonly namespace: string, private readonly app: string) {}

  /** Of those that run. */
  public get names(): readonly string[] {
    return this.pods.map(({ name }) => name);
  }

  /** Has all pods that there are now run, those that are new with so much usage. */
  public async run(cores: number): Promise<void> {
    const { namespace, app, pods } = this;
    const { items } = await this.cluster.controlPlane.request('GET', `/api/v1/namespaces/${namespace}/pods`);
    const names: string[] = items.map(({ metadata }: any) => metadata.name);
    pods.splice(0, pods.length, ...pods.filter(({ name }) => names.includes(name)));
    for (const name of names.filter((one) => !pods.some((pod) => pod.name === one))) {
      pods.push({
        namespace,
        name,
        labels: { app },
        containers: [{
          name: app,
          // Started a while ago, so that the next two looks of the kubelet make a rate.
          startMs: Date.now() - 30_000,
          housekeepingOffsetMs: 0,
          load: { meanCores: cores, swing: 0, periodSeconds: 60, phase: 0, memoryBytes: 50 * MIB },
        }],
      });
      await this.cluster.fleet.run(namespace, name);
    }
  }

  /** The pods start anew: what they use is said by the next run. */
  public restart(): void {
    this.pods.length = 0;
  }
}
