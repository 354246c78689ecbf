import { spawnSync } from 'child_process';
import { copyFileSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ControlPlane } from '../e2e/control-plane/control-plane';
import { eventually } from '../e2e/control-plane/eventually';
import { Process } from '../e2e/control-plane/process';

const SETTINGS = join(__dirname, 'node');
const CONTAINERD = '/run/containerd/containerd.sock';
const STATIC_PODS = '/run/static-pods';

/** What `build` got, and a PATH with what is unpacked there. */
const ASSETS = process.env.NODE!;
const DEBIAN = join(ASSETS, 'debian/usr');
const ENV = { ...process.env, PATH: [join(DEBIAN, 'bin'), join(DEBIAN, 'sbin'), process.env.PATH].join(':') };

/** containerd, kubelet and kube-proxy in this process's namespaces. */
export class Node {
  public static async start(controlPlane: ControlPlane, name: string, address: string): Promise<Node> {
    const node = new Node(controlPlane, name, address);
    await node.startContainerd();
    node.startKubelet();
    node.startKubeProxy();
    return node;
  }

  private readonly processes: Process[] = [];

  private constructor(private readonly controlPlane: ControlPlane, public readonly name: string, public readonly address: string) {}

  /** The ends of the logs of what did not keep running, or of all, for the message of a failed expectation. */
  public tail(): string {
    const ended = this.processes.filter(({ running }) => !running);
    return (ended.length > 0 ? ended : this.processes).map((one) => one.tail()).join('\n');
  }

  /** Has the kubelet run a pod that the API server learns of from the kubelet. Returns by which name. */
  public runStaticPod(pod: any): string {
    writeFileSync(join(STATIC_PODS, `${pod.metadata.name}.json`), JSON.stringify(pod));
    return `${pod.metadata.name}-${this.name}`;
  }

  /** Pods go on running until the namespaces end. */
  public async stop(): Promise<void> {
    for (const one of this.processes.splice(0).reverse()) await one.stop();
  }

  private async startContainerd(): Promise<void> {
    symlinkSync(join(DEBIAN, 'lib/cni'), '/run/cni/bin');
    copyFileSync(join(SETTINGS, 'cni.conflist'), '/run/cni/conf/pods.conflist');
    this.start('containerd', join(DEBIAN, 'bin/containerd'), [`--config=${join(SETTINGS, 'containerd.toml')}`, `--address=${CONTAINERD}`]);
    await eventually(() => this.containerd('version'));
    for (const image of ['programs', 'metrics-server']) {
      this.containerd('--namespace=k8s.io', 'image', 'import', join(process.env.IMAGES!, `${image}.tar`));
    }
  }

  private startKubelet(): void {
    this.start('kubelet', join(ASSETS, 'kubelet'), [
      `--config=${join(SETTINGS, 'kubelet.yaml')}`, `--kubeconfig=${this.controlPlane.kubeconfig('kubelet')}`,
      `--client-ca-file=${this.controlPlane.caFile}`, '--root-dir=/run/kubelet', '--cert-dir=/run/kubelet/pki',
      `--cgroup-root=/${process.env.NODE_CGROUP}`, `--hostname-override=${this.name}`, `--node-ip=${this.address}`,
    ]);
  }

  private startKubeProxy(): void {
    this.start('kube-proxy', join(ASSETS, 'kube-proxy'), [
      `--kubeconfig=${this.controlPlane.kubeconfig('kube-proxy')}`, `--hostname-override=${this.name}`, '--proxy-mode=iptables',
      '--cluster-cidr=10.244.0.0/24', '--oom-score-adj=0',
      // As slow as in a large cluster: pods that end sooner than it hears of it fail requests.
      '--iptables-min-sync-period=2s',
      // Settings of the kernel that only its first network namespace has.
      '--conntrack-max-per-core=0', '--conntrack-min=0', '--conntrack-tcp-timeout-established=0s', '--conntrack-tcp-timeout-close-wait=0s',
    ]);
  }

  private start(name: string, command: string, args: readonly string[]): void {
    this.processes.push(new Process(name, command, args, this.controlPlane.path(`${name}.log`), ENV));
  }

  private containerd(...args: string[]): void {
    const { status, stderr } = spawnSync(join(DEBIAN, 'bin/ctr'), [`--address=${CONTAINERD}`, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`ctr ${args.join(' ')}: ${stderr}\n${this.tail()}`);
  }
}
