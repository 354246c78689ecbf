import { metricsAdapterHelp } from './help';
import { MetricsAdapter } from './metrics-adapter';
import { metricsAdapterOptions } from './options';
import { METRICS_ADAPTER_FLAGS } from '../../_facts/metrics-adapter-flags';
import { clusterConfigs } from '../cluster-configs';
import { parseFlags } from '../flags/parse';
import { runServer } from '../run-server';
import { VERSION } from '../version';

/** `metrics-server metrics-adapter`: runs until a signal ends it. SIGHUP has it read its configuration again, as Prometheus does. */
export async function runMetricsAdapter(argv: readonly string[]): Promise<void> {
  const flags = parseFlags(argv, METRICS_ADAPTER_FLAGS);
  if (flags.get('bool', 'help')) {
    process.stdout.write(metricsAdapterHelp());
  } else if (flags.get('bool', 'version')) {
    process.stdout.write(`${VERSION}\n`);
  } else {
    const options = metricsAdapterOptions(flags);
    await runServer(flags, options.server, async (surroundings) => {
      const configs = await clusterConfigs(options.server, surroundings.clock, surroundings.loggers('kubeconfig'));
      const adapter = await MetricsAdapter.create(options, configs, surroundings);
      process.on('SIGHUP', () => void adapter.reload());
      return adapter;
    });
  }
}
