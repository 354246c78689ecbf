import { customMetricsApi } from './api/custom-metrics/custom-metrics-api';
import { customMetricsGroup, CUSTOM_METRICS_VERSIONS } from './api/custom-metrics/group-version';
import { externalMetricsApi, externalMetricsGroup } from './api/external-metrics/external-metrics-api';
import { ValueObserver, valueFreshness } from './api/value-freshness';
import { ApiClients } from './cluster/api-clients';
import { ClusterConfigs } from './cluster-configs';
import { ApiServerObjects } from './custom-metrics/cluster-objects';
import { ClusterObjects } from './custom-metrics/objects';
import { MetricsProviders } from './custom-metrics/provider';
import { ExtensionServer } from './extension-server';
import { ServerOptions } from './flags/options';
import { UsageError } from './flags/usage-error';
import { GroupVersion } from './server/group-version';
import { Surroundings } from './surroundings';
import { Logger } from './telemetry/logger';
import { MetricRegistry } from './telemetry/metric-registry';
import { registerProcessMetrics } from './telemetry/process-metrics';

/** What a provider gets from the server that it is in. */
export interface ProviderContext {
  /** The objects that metrics describe. */
  readonly objects: ClusterObjects;
  /** Lines of the server's own log. */
  readonly logger: Logger;
}

/** A program's name and version, as its users see them. */
export interface Program {
  readonly name: string;
  /** `v1.2.3` */
  readonly version: string;
}

/** Serves custom and external metrics of the providers that are made for it. */
export class ProviderServer {
  private readonly clients: ApiClients;
  private readonly server: ExtensionServer;

  /** @throws Error with one line for the user when a file that the options name cannot be read, or nothing is provided */
  constructor(
    options: ServerOptions, configs: ClusterConfigs, surroundings: Surroundings, { name, version }: Program,
    createProviders: (context: ProviderContext) => MetricsProviders,
  ) {
    const { clock, loggers } = surroundings;
    const userAgent = `${name}/${version} (${process.platform}/${process.arch})`;
    const registry = new MetricRegistry();
    this.clients = new ApiClients({ clock, userAgent, registry });
    registerProcessMetrics(registry, clock);
    const objects = new ApiServerObjects(this.clients.of(configs.cluster), clock);
    this.server = new ExtensionServer({
      options,
      configs,
      clients: this.clients,
      registry,
      userAgent,
      title: name,
      version,
      groupVersions: groupVersions(createProviders({ objects, logger: loggers('provider') }), objects, valueFreshness(registry, clock)),
      healthChecks: { livez: [], readyz: [], healthz: [] },
    }, surroundings);
  }

  async start(): Promise<void> {
    await this.server.start();
  }

  async stop(drainMs: number): Promise<void> {
    await this.server.stop(drainMs);
    this.clients.close();
  }
}

/** An API without provider is not served. */
export function groupVersions(
  { customMetrics, externalMetrics }: MetricsProviders, objects: ClusterObjects, observerOf: (group: string) => ValueObserver,
): GroupVersion[] {
  if (!customMetrics && !externalMetrics) throw new UsageError(['nothing is provided; give customMetrics, externalMetrics or both']);
  const onValues = observerOf(customMetricsGroup);
  return [
    ...customMetrics ? CUSTOM_METRICS_VERSIONS.map((version) => customMetricsApi({ version, provider: customMetrics, objects, onValues })) : [],
    ...externalMetrics ? [externalMetricsApi(externalMetrics, observerOf(externalMetricsGroup))] : [],
  ];
}
