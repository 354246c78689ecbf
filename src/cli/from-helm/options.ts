import { parseArgs } from 'util';
import { argumentsOf } from '../arguments';
import { Mistake } from '../mistake';
import { GitOpsTool, gitOpsTool } from './git-ops-tool';

export interface FromHelmOptions {
  readonly files: readonly string[];
  /** Name of the release. */
  readonly name: string;
  readonly namespace: string;
  /** Without a `v`. */
  readonly appVersion?: string;
  readonly key?: string;
  readonly gitOps?: GitOpsTool;
  readonly output?: string;
}

export const FROM_HELM_USAGE = `Usage: cdk8s-metrics-server from-helm <values.yaml>... [options]

Prints the TypeScript that says the same as values of Helm's chart metrics-server. Several files count as with Helm: the last one
wins. - is standard input, as in
  helm get values metrics-server -n kube-system -o yaml | npx cdk8s-metrics-server from-helm -

  --release NAME     release of the chart (metrics-server)
  --namespace NS     namespace of the release (kube-system)
  --app-version V    APP VERSION of the release in helm list, such as 0.8.1: its image, where the values have no image.tag
  --key KEY          where an umbrella chart's values hold the chart's: the alias of the dependency (found by itself: metrics-server)
  --git-ops TOOL     tool that applies the result, argo-cd or flux: sets gitOps, and says how the release is moved under it
  --output FILE      file to write instead of standard output

Exit code: 0 when everything is said, 1 when a value could not be translated (each is named on standard error), 2 for a mistake.
`;

const OPTIONS = {
  'release': { type: 'string', default: 'metrics-server' },
  'namespace': { type: 'string', short: 'n', default: 'kube-system' },
  'app-version': { type: 'string' },
  'key': { type: 'string' },
  'git-ops': { type: 'string' },
  'output': { type: 'string', short: 'o' },
  'values': { type: 'string', short: 'f', multiple: true },
} as const;

/** @throws Mistake */
export function fromHelmOptions(argv: readonly string[]): FromHelmOptions {
  const { values, tokens } = argumentsOf('from-helm', () => parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, tokens: true }));
  // Helm's own -f means the same.
  const files = tokens.flatMap((token) => token.kind === 'positional' || (token.kind === 'option' && token.name === 'values') ? [token.value!] : []);
  if (files.length === 0) throw new Mistake('from-helm: name a file with values of the chart, or - for standard input; --help says more');
  return {
    files,
    name: values.release,
    namespace: values.namespace,
    appVersion: appVersionOf(values['app-version']),
    key: values.key,
    gitOps: gitOpsTool(values['git-ops']),
    output: values.output,
  };
}

/** The chart puts the `v` before it. */
function appVersionOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const [, version] = /^v?(\d+\.\d+\.\d+)$/.exec(given) ?? [];
  if (version === undefined) throw new Mistake(`from-helm: --app-version: given ${JSON.stringify(given)}; allowed: a version as helm list has it, such as 0.8.1`);
  return version;
}
