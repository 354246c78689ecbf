import * as path from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  readonly nodes: number;
  readonly pods: number;
  readonly once: boolean;
  readonly help: boolean;
  /** Absolute path; undefined for the simulated cluster. */
  readonly kubeconfig: string | undefined;
}

/** The command line is wrong: one line, exit code 2. */
export class UsageError extends Error {}

const MAX_NODES = 5000;
const MAX_PODS = 150_000;

export const HELP = `Usage: npm start -- [options]

Synthesizes examples/ into dist/, starts a simulated cluster and the metrics runtime with the arguments of the
synthesized Deployment, and shows what kubectl top nodes and kubectl top pods -A show.

  --nodes N           nodes of the simulated cluster, 1 to ${MAX_NODES} (default 3)
  --pods N            pods of the simulated cluster in all, 1 to ${MAX_PODS} (default 12)
  --once              print one table and end
  --kubeconfig PATH   run the runtime here against that cluster instead; nothing is written there
  -h, --help          print this
`;

/** `directory` is where relative paths of the command line start. */
export function parseOptions(args: readonly string[], directory: string): Options {
  const { values } = parse(args);
  if (values.kubeconfig !== undefined && (values.nodes ?? values.pods) !== undefined) {
    throw new UsageError('--nodes and --pods are the size of the simulated cluster: leave them out with --kubeconfig');
  }
  return {
    nodes: count('--nodes', values.nodes ?? '3', MAX_NODES),
    pods: count('--pods', values.pods ?? '12', MAX_PODS),
    once: values.once ?? false,
    help: values.help ?? false,
    kubeconfig: values.kubeconfig === undefined ? undefined : path.resolve(directory, values.kubeconfig),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        nodes: { type: 'string' },
        pods: { type: 'string' },
        once: { type: 'boolean' },
        kubeconfig: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Node adds advice on positional arguments in further sentences and lines.
    throw new UsageError((error as Error).message.split(/\.? To specify|\n|\. /)[0]);
  }
}

function count(option: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > max) throw new UsageError(`${option} is '${text}': give a whole number from 1 to ${max}`);
  return value;
}
