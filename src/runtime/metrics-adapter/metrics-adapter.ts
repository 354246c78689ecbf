import { ConfiguredApis } from './configured-apis';
import { MetricsAdapterOptions } from './options';
import { ResourceMetrics } from './resource-metrics';
import { ApiClients } from '../cluster/api-clients';
import { ClusterConfigs } from '../cluster-configs';
import { ExtensionServer } from '../extension-server';
import { Surroundings, surroundingsOf } from '../surroundings';
import { MetricRegistry } from '../telemetry/metric-registry';
import { registerProcessMetrics } from '../telemetry/process-metrics';
import { VERSION } from '../version';

const USER_AGENT = `metrics-adapter/${VERSION} (${process.platform}/${process.arch})`;

/** What the server is put together from. */
interface Parts {
  readonly clients: ApiClients;
  readonly registry: MetricRegistry;
  readonly apis: ConfiguredApis;
}

/** Serves what a configuration file reads from Prometheus, in place of prometheus-adapter. */
export class MetricsAdapter {
  /** @throws Error with one line for the user when the configuration, or a file that the options name, cannot be used */
  static async create(options: MetricsAdapterOptions, configs: ClusterConfigs, surroundings: Surroundings): Promise<MetricsAdapter> {
    const registry = new MetricRegistry();
    const clients = new ApiClients({ clock: surroundings.clock, userAgent: USER_AGENT, registry });
    const apis = await ConfiguredApis.load({ ...options, client: clients.of(configs.cluster), registry, userAgent: USER_AGENT }, surroundings);
    return new MetricsAdapter(options, configs, surroundings, { clients, registry, apis });
  }

  private readonly resourceMetrics: ResourceMetrics | undefined;
  private readonly server: ExtensionServer;

  private constructor(options: MetricsAdapterOptions, configs: ClusterConfigs, surroundings: Surroundings, private readonly parts: Parts) {
    const { clients, registry, apis } = parts;
    registerProcessMetrics(registry, surroundings.clock);
    const { metrics, objects } = apis;
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
      groupVersions: [...apis.groupVersions, ...this.resourceMetrics?.groupVersions ?? []],
      pages: apis.pages,
      healthChecks: { livez: [], readyz: this.resourceMetrics?.readyz ?? [], healthz: [] },
    }, surroundings);
  }

  /** Ready before series are known: until then who asks is answered 503 with the reason, and no other metric waits for it. */
  async start(): Promise<void> {
    await this.server.start();
    this.parts.apis.start();
    this.resourceMetrics?.start();
  }

  /** Takes the configuration file as it is now. */
  reload(): Promise<void> {
    return this.parts.apis.metrics.reload();
  }

  async stop(drainMs: number): Promise<void> {
    await this.server.stop(drainMs);
    this.resourceMetrics?.stop();
    this.parts.apis.stop();
    this.parts.clients.close();
  }
}
