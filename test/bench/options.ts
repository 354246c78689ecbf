import { parseArgs } from 'util';

export const USAGE = `npm run bench [-- OPTIONS]: our runtime beside metrics-server, on one control plane and one fleet of simulated kubelets

  --nodes 10,100,1000,5000   sizes of the fleet, measured one after the other
  --pods 30                  pods of each node
  --containers 2             pods have 1 up to this many containers, in turn
  --rounds 2                 times each size is measured; every second round ours comes first
  --window 30                seconds over which scraping is measured
  --churn 10                 minutes in which 5 % of the pods are replaced in each, at 1,000 nodes; 0: none
  --quick                    1,000 nodes, CPU and memory alone, under 6 minutes; fails when a bound (bounds.ts) is not kept, nor in a second round
  --commit HEAD              commit whose runtime is measured
  --runtime FILE             a bundle of the runtime, instead of a commit's
  --node FILE                the node that runs it (default: Node 24 from .ci/node24)
  --only ours|peer           one of the two, for work on it
  --cpu-profile DIRECTORY    write a V8 CPU profile of ours; its figures are then worth nothing
  --micro [SUBJECT...]       CPU of single functions instead, the peer's own beside ours; must come first
  --scale                    the tables of docs/scale.md instead, reckoned from measured costs; must come first
  --publish                  write test/bench/results, and from all that is there the tables of README.md and of performance, scale and sizing in docs;
                             waits up to 5 minutes for an idle machine
`;

export interface Options {
  readonly nodes: readonly number[];
  readonly pods: number;
  readonly containers: number;
  readonly rounds: number;
  readonly windowSeconds: number;
  /** At DETAILED_NODES. */
  readonly churnMinutes: number;
  readonly quick: boolean;
  readonly commit: string;
  readonly runtime?: string;
  readonly node?: string;
  readonly only?: 'ours' | 'peer';
  readonly cpuProfile?: string;
  readonly publish: boolean;
}

/** @throws Error that says what is wrong with the command line */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'nodes': { type: 'string' },
      'pods': { type: 'string', default: '30' },
      'containers': { type: 'string', default: '2' },
      'rounds': { type: 'string' },
      'window': { type: 'string' },
      'churn': { type: 'string' },
      'quick': { type: 'boolean', default: false },
      'commit': { type: 'string', default: 'HEAD' },
      'runtime': { type: 'string' },
      'node': { type: 'string' },
      'only': { type: 'string' },
      'cpu-profile': { type: 'string' },
      'publish': { type: 'boolean', default: false },
    },
  });
  const { quick, only } = values;
  if (only !== undefined && only !== 'ours' && only !== 'peer') throw new Error(`--only ${only}: must be ours or peer`);
  for (const option of ['only', 'runtime', 'cpu-profile', 'quick'] as const) {
    if (values.publish && values[option]) throw new Error(`--publish shows what a commit does beside its peer: leave --${option} out`);
  }
  return {
    nodes: (values.nodes ?? (quick ? '1000' : '10,100,1000,5000')).split(',').map((text) => wholeNumber('nodes', text)),
    pods: wholeNumber('pods', values.pods),
    containers: wholeNumber('containers', values.containers),
    rounds: wholeNumber('rounds', values.rounds ?? '2'),
    windowSeconds: wholeNumber('window', values.window ?? (quick ? '15' : '30')),
    churnMinutes: wholeNumber('churn', values.churn ?? (quick ? '0' : '10'), 0),
    quick,
    commit: values.commit,
    runtime: values.runtime,
    node: values.node,
    only,
    cpuProfile: values['cpu-profile'],
    publish: values.publish,
  };
}

function wholeNumber(option: string, text: string, least = 1): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new Error(`--${option} ${text}: must be a whole number of ${least} or more`);
  return value;
}
