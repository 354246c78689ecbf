import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { BenchCluster } from './bench-cluster';
import { Process } from '../e2e/control-plane/process';

/** One of the two servers that are compared. */
export interface Contender {
  readonly name: 'ours' | 'peer';
  readonly title: string;
  /** 10250 belongs to the kubelets, at every address. */
  readonly port: number;
  readonly command: string;
  /** Before the flags that both are given. */
  readonly args: readonly string[];
  /** Beside what a pod is given. */
  readonly env: Readonly<Record<string, string>>;
}

/** Of TEST-NET-1, as `run` has it: kube-apiserver refuses loopback addresses in an EndpointSlice. */
export const ADDRESS = '192.0.2.10';
/** How often a kubelet is asked, as both projects' manifests have it. */
export const RESOLUTION_SECONDS = 15;

export function peer(programs: string, version: string): Contender {
  return { name: 'peer', title: `metrics-server ${version}`, port: 4443, command: `${programs}/metrics-server`, args: [], env: {} };
}

export function ours(node: string, runtime: string, cpuProfile?: string): Contender {
  return {
    name: 'ours',
    title: 'ours',
    port: 4444,
    command: node,
    args: [...imageNodeFlags(), ...cpuProfile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProfile}`], runtime],
    env: imageEnvironment(),
  };
}

/** What the image's last stage sets. */
function imageEnvironment(): Record<string, string> {
  return Object.fromEntries([...readFileSync('image/Dockerfile', 'utf8').matchAll(/^ENV (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]));
}

/** The flags in the first line of the image's executable. */
function imageNodeFlags(): string[] {
  const [, flags] = /'#!\/nodejs\/bin\/node([^']*)'/.exec(readFileSync('image/Dockerfile', 'utf8'))!;
  return flags.split(' ').filter((flag) => flag !== '');
}

/** For what else there is: the cluster needs more while somebody reads all of it. */
const RESERVED_KIBIBYTES = 3 * 2 ** 20;

/** Of what is left of the machine's memory. Where it does not do, the server ends, which is a result, and not the machine. */
function memoryKibibytes(): number {
  const available = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))![1]);
  return Math.max(RESERVED_KIBIBYTES, available - RESERVED_KIBIBYTES);
}

/** A contender at work on a cluster, with the environment of a pod. */
export class RunningServer {
  public readonly startedMs = Date.now();
  private readonly process: Process;

  constructor(private readonly contender: Contender, public readonly cluster: BenchCluster) {
    const { controlPlane, servingCertificate: { certificateFile, keyFile } } = cluster;
    this.process = new Process(contender.title, 'sh', [
      '-c', 'ulimit -d "$0" && exec "$@"', String(memoryKibibytes()), contender.command, ...contender.args,
      `--secure-port=${contender.port}`, `--bind-address=${ADDRESS}`, `--tls-cert-file=${certificateFile}`, `--tls-private-key-file=${keyFile}`,
      '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname', '--kubelet-use-node-status-port',
      `--metric-resolution=${RESOLUTION_SECONDS}s`, '--kubelet-insecure-tls',
    ], controlPlane.path(`${contender.name}-${Date.now()}.log`), {
      ...contender.env, PATH: process.env.PATH, KUBERNETES_SERVICE_HOST: controlPlane.host, KUBERNETES_SERVICE_PORT: String(controlPlane.port),
    });
  }

  public get port(): number {
    return this.contender.port;
  }

  public get origin(): string {
    return `https://${ADDRESS}:${this.port}`;
  }

  public get pid(): number {
    return this.process.pid;
  }

  /** User and system time since it started, of threads that have ended as well. */
  public cpuSeconds(): number {
    this.assertRunning();
    return Number(execFileSync(`${this.cluster.programs}/cputime`, [String(this.pid)], { encoding: 'utf8' })) / 1e9;
  }

  /** @throws Error with what its log says, when it has ended */
  public assertRunning(): void {
    if (this.process.running) return;
    const lines = this.process.log().trimEnd().split('\n');
    throw new Error(`it ended: ${lines.find((line) => /fatal|panic|error/i.test(line)) ?? lines[lines.length - 1]}`);
  }

  public tail(): string {
    return this.process.tail();
  }

  public async stop(): Promise<void> {
    await this.process.stop();
  }
}
