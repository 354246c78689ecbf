import type * as Library from '../index';
import { fromHelm } from './from-helm/from-helm';
import { FROM_HELM_USAGE, fromHelmOptions } from './from-helm/options';
import { Mistake } from './mistake';

/** What a command does to the world. */
export interface Terminal {
  /** Text of a file; of standard input for `-`. */
  read(file: string): string;
  write(file: string, text: string): void;
  /** Runs the metrics runtime of this package as a program of its own. Returns its exit code. */
  runtime(argv: readonly string[]): number;
  out(text: string): void;
  error(line: string): void;
}

/** The package that the command belongs to. */
export interface Installed {
  readonly library: typeof Library;
  /** What its package.json says. */
  readonly version: string;
  readonly repository: { readonly url: string };
}

const USAGE = `Usage: cdk8s-metrics-server <command>

  from-helm   print the TypeScript that says the same as values of Helm's chart metrics-server
  doctor      say what is wrong between kubelets and kubectl top in a cluster, and how to mend it; --help has its flags
  help        print this, or with a command's name how it is used
  version     print the version; --version does the same
`;

/** Runs a command line. Returns the exit code. */
export function run(argv: readonly string[], terminal: Terminal, installed: Installed): number {
  try {
    return execute(argv, terminal, installed);
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    terminal.error(error.message);
    return 2;
  }
}

function execute([command, ...args]: readonly string[], terminal: Terminal, installed: Installed): number {
  const asksForHelp = args.includes('--help') || args.includes('-h');
  if (command === 'doctor') return terminal.runtime(['doctor', ...args]);
  if (command === 'help' && args[0] === 'doctor') return terminal.runtime(['doctor', '--help']);
  if (command === 'from-helm' && !asksForHelp) return runFromHelm(args, terminal, installed);
  if (command === 'from-helm' || (command === 'help' && args[0] === 'from-helm')) {
    terminal.out(FROM_HELM_USAGE);
  } else if (command === 'version' || command === '--version') {
    terminal.out(`${installed.version}
`);
  } else if (command !== undefined && !['help', '--help', '-h'].includes(command)) {
    throw new Mistake(`there is no command ${JSON.stringify(command)}; allowed: from-helm, doctor, help, version`);
  } else {
    terminal.out(USAGE);
  }
  return 0;
}

function runFromHelm(args: readonly string[], terminal: Terminal, installed: Installed): number {
  const { files, output, ...release } = fromHelmOptions(args);
  const read = files.map((file) => ({ name: file === '-' ? 'standard input' : file, text: terminal.read(file) }));
  const { program, complaints } = fromHelm({ ...release, files: read }, installed);
  if (output === undefined) terminal.out(program);
  else terminal.write(output, program);
  complaints.forEach((line) => terminal.error(line));
  return complaints.length > 0 ? 1 : 0;
}
