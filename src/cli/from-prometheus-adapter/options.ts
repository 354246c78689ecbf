import { parseArgs } from 'util';
import { argumentsOf } from '../arguments';
import { Mistake } from '../mistake';

export interface FromPrometheusAdapterOptions {
  readonly file: string;
  readonly namespace: string;
  readonly prometheusUrl?: string;
  readonly output?: string;
}

export const FROM_PROMETHEUS_ADAPTER_USAGE = `Usage: cdk8s-metrics-server from-prometheus-adapter <config.yaml> [options]

Prints the TypeScript of a MetricsAdapter that serves what prometheus-adapter serves by this configuration. - is standard input, as in
  kubectl get configmap adapter-config -n monitoring -o 'jsonpath={.data.config\\.yaml}' | npx cdk8s-metrics-server from-prometheus-adapter -

  --prometheus-url URL   the argument of prometheus-adapter of that name (http://prometheus.monitoring.svc:9090)
  --namespace NS         namespace of the adapter (monitoring)
  --output FILE          file to write instead of standard output

Exit code: 0 when everything is said, 1 when a rule could not be said (each is named on standard error, with file and line), 2 for a mistake.
`;

const OPTIONS = {
  'prometheus-url': { type: 'string' },
  'namespace': { type: 'string', short: 'n', default: 'monitoring' },
  'output': { type: 'string', short: 'o' },
} as const;

/** @throws Mistake */
export function fromPrometheusAdapterOptions(argv: readonly string[]): FromPrometheusAdapterOptions {
  const { values, positionals: [file, ...more] } = argumentsOf('from-prometheus-adapter', () => parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true }));
  if (file === undefined || more.length > 0) {
    throw new Mistake('from-prometheus-adapter: name one file with the configuration of prometheus-adapter, or - for standard input; --help says more');
  }
  return { file, namespace: values.namespace, prometheusUrl: values['prometheus-url'], output: values.output };
}
