import { execFileSync } from 'child_process';
import { request } from 'https';
import { Cluster } from './cluster';
import { Process } from './control-plane/process';
import { startRuntimeInPod } from './runtime-in-pod';
import { SecretVolumes } from './secret-volumes';

/** TEST-NET-1, as `in-namespaces` has it. */
const address = (at: number) => `192.0.2.${20 + at}`;

interface RunningPod {
  readonly name: string;
  readonly address: string;
  readonly process: Process;
  readonly volumes: SecretVolumes;
  nextProbeMs: number;
  ready: boolean;
}

/**
 * Scheduler and kubelet of one Deployment: runs the runtime for each of its pods, at an address of the pod's own, asks its readiness
 * probe as the pod says, and ends it when the pod is deleted, in the time that it has. The rest of a rollout is kube-controller-manager's.
 */
export class PodRunner {
  private readonly pods = new Map<string, RunningPod>();
  private readonly ending = new Map<string, Promise<void>>();
  private count = 0;
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(private readonly cluster: Cluster, private readonly namespace: string, private readonly selector: string) {
    this.loop = this.run();
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
    await Promise.all([...this.ending.values(), ...[...this.pods.values()].map((pod) => pod.process.stop())]);
  }

  /** Those that have not been asked to end. */
  public get running(): readonly { readonly name: string; readonly address: string; readonly process: Process; readonly ready: boolean }[] {
    return [...this.pods.values()];
  }

  /** The ends of all logs, for the message of a failed expectation. */
  public tail(): string {
    return [...this.pods.values()].map((pod) => pod.process.tail()).join('\n');
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      // Objects come and go under us: whatever fails now is tried again.
      await this.step().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  private async step(): Promise<void> {
    const selector = encodeURIComponent(this.selector);
    const { items } = await this.cluster.controlPlane.request('GET', `${this.path('')}?labelSelector=${selector}`);
    for (const pod of items) {
      const running = this.pods.get(pod.metadata.name);
      if (pod.metadata.deletionTimestamp) {
        this.end(pod);
      } else if (running?.process.running) {
        await running.volumes.write();
        await this.probe(pod, running);
      } else {
        await this.start(pod);
      }
    }
  }

  private async start(pod: any): Promise<void> {
    const { name, namespace } = pod.metadata;
    const volumes = new SecretVolumes(this.cluster.controlPlane, pod);
    await volumes.write();
    const podAddress = address(this.count++);
    execFileSync('ip', ['address', 'replace', `${podAddress}/32`, 'dev', 'lo']);
    const containers = [{ ...pod.spec.containers[0], args: [...pod.spec.containers[0].args, `--bind-address=${podAddress}`].map((arg) => volumes.onThisMachine(arg)) }];
    const deployment = { metadata: { namespace, name }, spec: { template: { spec: { ...pod.spec, containers } } } };
    const process = await startRuntimeInPod(this.cluster.controlPlane, deployment);
    this.cluster.runtime = process;
    const nextProbeMs = Date.now() + 1000 * (containers[0].readinessProbe?.initialDelaySeconds ?? 0);
    this.pods.set(name, { name, address: podAddress, process, volumes, nextProbeMs, ready: false });
    if (!pod.spec.nodeName) {
      await this.cluster.controlPlane.request('POST', `${this.path(name)}/binding`, {
        apiVersion: 'v1', kind: 'Binding', metadata: { name }, target: { kind: 'Node', name: this.cluster.fleet.nodes[0].name },
      });
    }
    await this.report(name, podAddress, false);
  }

  private async probe(pod: any, running: RunningPod): Promise<void> {
    if (Date.now() < running.nextProbeMs) return;
    const { httpGet, periodSeconds = 10 } = pod.spec.containers[0].readinessProbe;
    running.nextProbeMs = Date.now() + 1000 * periodSeconds;
    const ready = await get(running.address, 10250, httpGet.path) === 200;
    if (ready === running.ready) return;
    running.ready = ready;
    await this.report(running.name, running.address, ready);
  }

  /** Beside what else there is to do, and once. */
  private end({ metadata: { name }, spec: { terminationGracePeriodSeconds = 30 } }: any): void {
    if (this.ending.has(name)) return;
    const running = this.pods.get(name);
    this.pods.delete(name);
    const ended = async () => {
      await running?.process.stop(1000 * terminationGracePeriodSeconds);
      await this.cluster.controlPlane.request('DELETE', `${this.path(name)}?gracePeriodSeconds=0`);
    };
    this.ending.set(name, ended().catch(() => { this.ending.delete(name); }));
  }

  private async report(name: string, podIP: string, ready: boolean): Promise<void> {
    const status = ready ? 'True' : 'False';
    await this.cluster.controlPlane.request('PATCH', `${this.path(name)}/status`, {
      status: {
        phase: 'Running',
        podIP,
        podIPs: [{ ip: podIP }],
        conditions: ['Ready', 'ContainersReady'].map((type) => ({ type, status, lastTransitionTime: new Date().toISOString().replace(/\..*/, 'Z') })),
      },
    }, 'application/strategic-merge-patch+json');
  }

  private path(name: string): string {
    return `/api/v1/namespaces/${this.namespace}/pods${name && `/${name}`}`;
  }
}

/** Status code, or undefined when there is no answer. The kubelet does not verify probes either. */
function get(host: string, port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    request({ host, port, path, rejectUnauthorized: false, timeout: 1000 }, (response) => resolve(response.resume().statusCode))
      .on('timeout', function (this: { destroy(): void }) { this.destroy(); })
      .on('error', () => resolve(undefined))
      .end();
  });
}
