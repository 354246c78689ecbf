import { MetricsAdapterOptions } from './options';
import { ResourceMetrics } from './resource-metrics';
import { valueFreshness } from '../api/value-freshness';
import { Stop } from '../clock';
import { ApiClients } from '../cluster/api-clients';
import { ClusterConfigs } from '../cluster-configs';
import { ApiServerObjects } from '../custom-metrics/cluster-objects';
import { WatchedObjects } from '../custom-metrics/watched-objects';
import { METRICS_PAGE, metricsPage } from '../debug/metrics-page';
import { MetricExplainer } from '../explain/metric-explainer';
import { ExtensionServer } from '../extension-server';
import { UsageError } from '../flags/usage-error';
import { SourceMetrics } from '../prometheus/measured-prometheus';
import { ReloadingMetrics, ReloadingMetricsOptions } from '../prometheus/reloading-metrics';
import { groupVersions } from '../provider-server';
import { Surroundings, surroundingsOf } from '../surroundings';
import { MetricRegistry } from '../telemetry/metric-registry';
import { registerProcessMetrics } from '../telemetry/process-metrics';
import { VERSION } from '../version';

const USER_AGENT = `metrics-adapter/${VERSION} (${process.platform}/${process.arch})`;

/** What the server is put together from. */
interface Parts {
  readonly clients: ApiClients;
  readonly registry: MetricRegistry;
  readonly objects: WatchedObjects;
  readonly metrics: ReloadingMetrics;
}

/** Serves what a configuration file reads from Prometheus, in place of prometheus-adapter. */
export class MetricsAdapter {
  /** @throws Error with one line for the user when the configuration, or a file that the options name, cannot be used */
  static async create(options: MetricsAdapterOptions, configs: ClusterConfigs, surroundings: Surroundings): Promise<MetricsAdapter> {
    const { clock, random, logger: log } = surroundingsOf(surroundings, 'prometheus');
    const registry = new MetricRegistry();
    const clients = new ApiClients({ clock, userAgent: USER_AGENT, registry });
    const client = clients.of(configs.cluster);
    const objects = new WatchedObjects(new ApiServerObjects(client, clock), { ...surroundingsOf(surroundings, 'reflector'), client });
    const metrics = await configuredMetrics({
      ...options,
      clock,
      random,
      log,
      registry,
      client,
      objects,
      file: options.configFile,
      sourceMetrics: new SourceMetrics(registry, clock),
      userAgent: USER_AGENT,
    });
    return new MetricsAdapter(options, configs, surroundings, { clients, registry, objects, metrics });
  }

  private readonly resourceMetrics: ResourceMetrics | undefined;
  private readonly server: ExtensionServer;
  private stopMetrics: Stop | undefined;

  private constructor(options: MetricsAdapterOptions, configs: ClusterConfigs, surroundings: Surroundings, private readonly parts: Parts) {
    const { clients, metrics, objects, registry } = parts;
    registerProcessMetrics(registry, surroundings.clock);
    // Beside a metrics-server that has its own, `metrics.k8s.io` is nobody's business here.
    this.resourceMetrics = metrics.resources && new ResourceMetrics({
      ...surroundingsOf(surroundings, 'reflector'), client: clients.of(configs.cluster), objects, registry, resources: () => metrics.resources,
    });
    this.server = new ExtensionServer({
      options: options.server,
      configs,
      clients,
      registry,
      userAgent: USER_AGENT,
      title: 'metrics-adapter',
      version: VERSION,
      groupVersions: [
        ...groupVersions({ customMetrics: metrics, externalMetrics: metrics }, objects, valueFreshness(registry, surroundings.clock)),
        ...this.resourceMetrics?.groupVersions ?? [],
      ],
      pages: { [`${METRICS_PAGE}*`]: metricsPage(new MetricExplainer({ metrics, objects, clock: surroundings.clock })) },
      healthChecks: { livez: [], readyz: this.resourceMetrics?.readyz ?? [], healthz: [] },
    }, surroundings);
  }

  /** Ready before series are known: until then who asks is answered 503 with the reason, and no other metric waits for it. */
  async start(): Promise<void> {
    await this.server.start();
    this.stopMetrics = this.parts.metrics.start();
    this.resourceMetrics?.start();
  }

  /** Takes the configuration file as it is now. */
  reload(): Promise<void> {
    return this.parts.metrics.reload();
  }

  async stop(drainMs: number): Promise<void> {
    await this.server.stop(drainMs);
    this.resourceMetrics?.stop();
    this.stopMetrics?.();
    this.parts.objects.stop();
    this.parts.clients.close();
  }
}

async function configuredMetrics(options: ReloadingMetricsOptions): Promise<ReloadingMetrics> {
  try {
    return await ReloadingMetrics.load(options);
  } catch (error) {
    const { syscall, code } = error as NodeJS.ErrnoException;
    throw syscall === undefined ? error : new UsageError([`--config=${options.file} cannot be read (${code}); check the path and its permissions`]);
  }
}
