import { clusterConfigs } from './cluster-configs';
import { MetricsProviders } from './custom-metrics/provider';
import { helpText } from './flags/help';
import { serverOptionsFrom } from './flags/options';
import { parseFlags } from './flags/parse';
import { ProviderContext, ProviderServer } from './provider-server';
import { fail, runServer } from './run-server';
import { VERSION } from './version';
import { SERVER_FLAGS } from '../_facts/flags';

/** How a server calls itself, and what it was started with. */
export interface ServeOptions {
  /** Shown by `--help`, in OpenAPI and in kube-apiserver's log. @default 'metrics-provider' */
  readonly name?: string;
  /** Shown by `--version` and at `/version`: `v1.2.3`. @default the version of cdk8s-metrics-server */
  readonly version?: string;
  /** The command line without program. @default process.argv.slice(2) */
  readonly argv?: readonly string[];
}

/**
 * Serves custom and external metrics, as an extension API server with TLS, authentication and authorization by kube-apiserver, discovery, OpenAPI,
 * health, metrics of its own and audit. Takes the flags of k8s.io/apiserver (`--help` lists them), and ends with the process: at SIGTERM it lets
 * requests end first. What the user can mend is one line and exit code 2.
 *
 * @param createProviders Makes the providers, once
 */
export function serve(createProviders: (context: ProviderContext) => MetricsProviders, options: ServeOptions = {}): void {
  run(createProviders, options).catch(fail);
}

async function run(
  createProviders: (context: ProviderContext) => MetricsProviders, { name = 'metrics-provider', version = VERSION, argv = process.argv.slice(2) }: ServeOptions,
): Promise<void> {
  const flags = parseFlags(argv, SERVER_FLAGS);
  if (flags.get('bool', 'help')) {
    process.stdout.write(helpText(SERVER_FLAGS, `Serves metrics for autoscalers\n\nUsage:\n  ${name} [flags]\n`));
  } else if (flags.get('bool', 'version')) {
    process.stdout.write(`${version}\n`);
  } else {
    const options = serverOptionsFrom(flags);
    await runServer(flags, options, async (surroundings) => {
      const configs = await clusterConfigs(options, surroundings.clock, surroundings.loggers('kubeconfig'));
      return new ProviderServer(options, configs, surroundings, { name, version }, createProviders);
    });
  }
}
