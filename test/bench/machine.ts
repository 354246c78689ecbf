import { execFileSync } from 'child_process';
import { cpus, loadavg, release, totalmem } from 'os';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  /** Before anything of ours ran: what others do. */
  readonly loadAverage: number;
}

export function describeMachine(): Machine {
  return { processor: cpus()[0].model, cores: cpus().length, memoryBytes: totalmem(), kernel: release(), loadAverage: loadavg()[0] };
}

export interface Versions {
  /** Of the runtime; the file, when a bundle was given. */
  readonly commit: string;
  readonly node: string;
  readonly peer: string;
  readonly peerGo: string;
  readonly kubernetes: string;
}

export function describeVersions(props: { commit: string; node: string; programs: string; assets: string }): Versions {
  const output = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8' }).trim();
  const buildInfo = output('go', 'version', '-m', `${props.programs}/metrics-server`);
  return {
    commit: props.commit,
    node: output(props.node, '--version'),
    peer: /\tmod\t\S+\t(\S+)/.exec(buildInfo)![1],
    peerGo: /: (go\S+)/.exec(buildInfo)![1],
    kubernetes: output(`${props.assets}/kube-apiserver`, '--version').replace('Kubernetes ', ''),
  };
}

