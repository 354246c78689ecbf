import { fromHelm } from './from-helm/from-helm';
import { FROM_HELM_USAGE, fromHelmOptions } from './from-helm/options';
import { fromPrometheusAdapter } from './from-prometheus-adapter/from-prometheus-adapter';
import { FROM_PROMETHEUS_ADAPTER_USAGE, fromPrometheusAdapterOptions } from './from-prometheus-adapter/options';
import type { Installed } from './installed';
import { Mistake } from './mistake';
import { newProvider, NEW_PROVIDER_USAGE, nextSteps } from './new-provider/new-provider';
import { Translated } from './translated';

/** What a command does to the world. */
export interface Terminal {
  /** Text of a file; of standard input for `-`. */
  read(file: string): string;
  write(file: string, text: string): void;
  /** Writes a file that is not there yet, and the folders that it is in. */
  create(file: string, text: string): void;
  /** Runs the metrics runtime of this package as a program of its own. Returns its exit code. */
  runtime(argv: readonly string[]): number;
  out(text: string): void;
  error(line: string): void;
}

const USAGE = `Usage: cdk8s-metrics-server <command>

  from-helm                 print the TypeScript that says the same as values of Helm's chart metrics-server
  from-prometheus-adapter   print the TypeScript that serves what prometheus-adapter serves by its configuration
  new-provider              make a project for a server of custom metrics of your own
  explain                   say where the values of a custom or external metric come from; --help has its flags
  doctor                    say what is wrong between kubelets and kubectl top in a cluster, and how to mend it; --help has its flags
  help                      print this, or with a command's name how it is used
  version                   print the version; --version does the same
`;

const USAGES: Readonly<Partial<Record<string, string>>> = {
  'from-helm': FROM_HELM_USAGE, 'from-prometheus-adapter': FROM_PROMETHEUS_ADAPTER_USAGE, 'new-provider': NEW_PROVIDER_USAGE,
};

/** Commands of the runtime that is packed beside this one. */
const OF_THE_RUNTIME: readonly string[] = ['doctor', 'explain'];

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
  if (OF_THE_RUNTIME.includes(command)) return terminal.runtime([command, ...args]);
  if (command === 'help' && OF_THE_RUNTIME.includes(args[0])) return terminal.runtime([args[0], '--help']);
  if (command === 'from-helm' && !asksForHelp) return runFromHelm(args, terminal, installed);
  if (command === 'from-prometheus-adapter' && !asksForHelp) return runFromPrometheusAdapter(args, terminal, installed);
  if (command === 'new-provider' && !asksForHelp) return runNewProvider(args, terminal, installed);
  const usage = USAGES[(command === 'help' ? args[0] : command) ?? ''];
  if (usage) {
    terminal.out(usage);
  } else if (command === 'version' || command === '--version') {
    terminal.out(`${installed.version}
`);
  } else if (command !== undefined && !['help', '--help', '-h'].includes(command)) {
    throw new Mistake(`there is no command ${JSON.stringify(command)}; allowed: from-helm, from-prometheus-adapter, new-provider, doctor, explain, help, version`);
  } else {
    terminal.out(USAGE);
  }
  return 0;
}

function runFromHelm(args: readonly string[], terminal: Terminal, installed: Installed): number {
  const { files, output, ...release } = fromHelmOptions(args);
  const read = files.map((file) => ({ name: nameOf(file), text: terminal.read(file) }));
  return give(fromHelm({ ...release, files: read }, installed), output, terminal);
}

function runFromPrometheusAdapter(args: readonly string[], terminal: Terminal, installed: Installed): number {
  const { file, output, ...adapter } = fromPrometheusAdapterOptions(args);
  return give(fromPrometheusAdapter({ ...adapter, file: nameOf(file), text: terminal.read(file) }, installed), output, terminal);
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/** Gives a program, and says what it does not say. */
function give({ program, complaints }: Translated, output: string | undefined, terminal: Terminal): number {
  if (output === undefined) terminal.out(program);
  else terminal.write(output, program);
  complaints.forEach((line) => terminal.error(line));
  return complaints.length > 0 ? 1 : 0;
}

function runNewProvider(args: readonly string[], terminal: Terminal, { version }: Installed): number {
  const [directory, ...more] = args;
  if (directory === undefined || directory.startsWith('-') || more.length > 0) throw new Mistake('new-provider: name one folder to make; --help says more');
  newProvider(directory, version).forEach((text, file) => terminal.create(file, text));
  terminal.out(nextSteps(directory));
  return 0;
}
