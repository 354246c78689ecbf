import { KubeletServingApprover } from './approver';
import { APPROVER_FLAGS, APPROVER_USAGE } from './flags';
import { Pages } from './pages';
import { Clock, Random } from '../clock';
import { ApiClient } from '../cluster/api-client';
import { inClusterConfig } from '../cluster/in-cluster';
import { kubeconfigConfig } from '../cluster/kubeconfig';
import { logOptions, LogOptions } from '../flags/options';
import { parseFlags } from '../flags/parse';
import { UsageError } from '../flags/usage-error';
import { Loggers } from '../telemetry/logger';
import { MetricRegistry } from '../telemetry/metric-registry';
import { registerProcessMetrics } from '../telemetry/process-metrics';
import { VERSION } from '../version';

export interface ApproverSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: NodeJS.ProcessEnv;
  readonly loggers: (options: LogOptions) => Loggers;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
}

/**
 * `metrics-server approve-kubelet-serving`: runs until the signal ends it.
 *
 * @throws UsageError, KubeconfigError and InClusterConfigError for mistakes of whoever starts it
 */
export async function approveKubeletServing(
  argv: readonly string[], { clock, random, env, loggers, signal, out }: ApproverSurroundings,
): Promise<void> {
  const flags = parseFlags(argv, APPROVER_FLAGS);
  if (flags.get('bool', 'help')) return out(APPROVER_USAGE);
  const { host, port } = bindAddress(flags.get('string', 'http-bind-address'));
  const kubeconfig = flags.get('string', 'kubeconfig');
  const logger = loggers(logOptions(flags))('approver');
  const config = kubeconfig === '' ? inClusterConfig(env, undefined, clock, logger) : await kubeconfigConfig(kubeconfig, clock, logger);
  const client = new ApiClient({ config, clock, userAgent: `metrics-server-kubelet-serving-approver/${VERSION} (${process.platform}/${process.arch})` });
  const registry = new MetricRegistry();
  registerProcessMetrics(registry, clock);
  const approver = new KubeletServingApprover({ client, registry, clock, random, logger });
  const pages = new Pages(registry, () => approver.unready());
  const { address, port: actualPort } = await pages.listen(host, port).catch(({ code }: NodeJS.ErrnoException) => {
    throw new UsageError([`cannot listen on ${host ?? 'any address'}, port ${port} (${code}); pass another --http-bind-address`]);
  });
  logger.info('Approving serving certificates of kubelets', { address, port: actualPort, version: VERSION });
  approver.start();
  await aborted(signal);
  logger.info('Shutting down');
  approver.stop();
  pages.close();
  client.close();
}

/** Without a host, Node takes all addresses that the machine knows how to have. */
function bindAddress(text: string): { host?: string; port: number } {
  const [, v6, v4, port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65535) {
    throw new UsageError([`--http-bind-address=${text} is no address and port; give such as :8080, 127.0.0.1:8080 or [::1]:8080`]);
  }
  return { host: (v6 ?? v4) || undefined, port: Number(port) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
