import { writeFileSync } from 'fs';
import { stringify } from 'yaml';
import { Adapter } from './adapter';
import { ControlPlane } from '../control-plane/control-plane';
import { eventually } from '../control-plane/eventually';
import { Kubectl } from '../control-plane/kubectl';

const NAMESPACE = 'default';
const API_SERVICES = [['custom.metrics.k8s.io', 'v1beta1', 100], ['custom.metrics.k8s.io', 'v1beta2', 200], ['external.metrics.k8s.io', 'v1beta1', 100]] as const;
const SERVICE = { name: 'adapter', namespace: NAMESPACE };
/** Plays the adapter's pod, as `in-namespaces` has it. */
const POD_ADDRESS = '192.0.2.10';
const KUBELET_MS = 250;

/** A control plane whose autoscalers read what an adapter serves, with the kubelet of what they scale. They may scale to zero. */
export class AutoscaledCluster {
  public static async start(): Promise<AutoscaledCluster> {
    const gates = ['--feature-gates=HPAScaleToZero=true'];
    const controlPlane = await ControlPlane.start({
      apiServerFlags: () => gates,
      controllerManagerFlags: () => [...gates, '--horizontal-pod-autoscaler-sync-period=1s'],
    });
    const cluster = new AutoscaledCluster(controlPlane);
    await cluster.apply([
      { apiVersion: 'v1', kind: 'Service', metadata: SERVICE, spec: { ports: [{ name: 'https', port: 443 }] } },
      ...API_SERVICES.map(([group, version, versionPriority]) => ({
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `${version}.${group}` },
        spec: { group, version, groupPriorityMinimum: 100, versionPriority, service: { ...SERVICE, port: 443 }, insecureSkipTLSVerify: true },
      })),
    ]);
    return cluster;
  }

  public readonly kubectl: Kubectl;
  /** Of all pods that run. */
  public podNames: readonly string[] = [];
  private readonly kubelet: NodeJS.Timeout;

  private constructor(public readonly controlPlane: ControlPlane) {
    this.kubectl = new Kubectl(controlPlane);
    this.kubelet = setInterval(() => void this.runPods().catch(() => undefined), KUBELET_MS);
  }

  /** Has kube-apiserver pass on to this adapter what is asked of custom and external metrics. */
  public async serve(adapter: Adapter): Promise<void> {
    await this.apply([{
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: SERVICE.name, namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': SERVICE.name } },
      addressType: 'IPv4',
      ports: [{ name: 'https', port: adapter.port, protocol: 'TCP' }],
      endpoints: [{ addresses: [POD_ADDRESS], conditions: { ready: true } }],
    }]);
    const names = API_SERVICES.map(([group, version]) => `apiservice/${version}.${group}`);
    await this.kubectl.run('wait', '--for=condition=Available', '--timeout=60s', ...names).catch((error) => {
      throw new Error(`${error.message}\n${adapter.tail()}`);
    });
  }

  /** A Deployment of one pod, and the autoscaler that brings it to from `minReplicas` to 4. */
  public async autoscale(name: string, metric: object, minReplicas = 1): Promise<void> {
    await this.apply([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace: NAMESPACE },
        spec: {
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'app', image: 'registry.example.com/app:1' }] },
          },
        },
      },
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name, namespace: NAMESPACE },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
          minReplicas,
          maxReplicas: 4,
          metrics: [metric],
          behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
        },
      },
    ]);
  }

  public async apply(objects: readonly object[]): Promise<void> {
    const file = this.controlPlane.path('objects.yaml');
    writeFileSync(file, objects.map((object) => stringify(object)).join('---\n'));
    await eventually(() => this.kubectl.run('apply', '-f', file));
  }

  public async replicas(name: string): Promise<number> {
    return (await this.kubectl.json('get', 'deployment', name)).spec.replicas;
  }

  public async replicasBecome(name: string, wanted: number): Promise<void> {
    await eventually(async () => {
      const replicas = await this.replicas(name);
      if (replicas !== wanted) throw new Error(`${name} has ${replicas} replicas instead of ${wanted}\n${await this.kubectl.run('describe', 'hpa', name)}`);
    }, 90_000);
  }

  /** What the autoscaler says of whether it can compute: `True`, or a reason with its message. */
  public async scalingActive(name: string): Promise<string> {
    const { status: { conditions = [] } } = await this.kubectl.json('get', 'hpa', name);
    const { status, reason, message } = conditions.find(({ type }: { type: string }) => type === 'ScalingActive') ?? {};
    return status === 'True' ? status : `${reason}: ${message}`;
  }

  public async stop(): Promise<void> {
    clearInterval(this.kubelet);
    await this.controlPlane.stop();
  }

  private async runPods(): Promise<void> {
    const path = `/api/v1/namespaces/${NAMESPACE}/pods`;
    const { items } = await this.controlPlane.request('GET', path);
    this.podNames = items.map(({ metadata }: any) => metadata.name);
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: new Date().toISOString() }];
    for (const { metadata: { name }, status } of items) {
      if (status.phase !== 'Pending') continue;
      await this.controlPlane.request('PATCH', `${path}/${name}/status`, { status: { phase: 'Running', conditions } }, 'application/merge-patch+json');
    }
  }
}
