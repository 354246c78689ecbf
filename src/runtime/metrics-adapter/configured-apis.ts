import { valueFreshness } from '../api/value-freshness';
import { Stop } from '../clock';
import { ApiClient } from '../cluster/api-client';
import { ConfigurationContext } from '../configured-metrics/configuration/configuration';
import { ReloadingMetrics, ReloadingMetricsOptions } from '../configured-metrics/reloading-metrics';
import { ApiServerObjects } from '../custom-metrics/cluster-objects';
import { WatchedObjects } from '../custom-metrics/watched-objects';
import { MetricExplainer } from '../explain/metric-explainer';
import { METRICS_PAGE, metricsPage } from '../explain/metrics-page';
import { MetricsConfigurationOptions } from '../flags/metrics-configuration-options';
import { UsageError } from '../flags/usage-error';
import { ByteRoom } from '../prometheus/byte-room';
import { SourceMetrics } from '../prometheus/measured-prometheus';
import { SourceOutcomes } from '../prometheus/source-outcomes';
import { groupVersions } from '../provider-server';
import { GroupVersion } from '../server/group-version';
import { Page } from '../server/router';
import { Surroundings, surroundingsOf } from '../surroundings';
import { MetricRegistry } from '../telemetry/metric-registry';

export interface ConfiguredApisOptions extends MetricsConfigurationOptions, ConfigurationContext {
  readonly client: ApiClient;
  readonly registry: MetricRegistry;
  readonly userAgent: string;
}

/** Custom and external metrics of a configuration file, for the server that serves them. It is ready without them. */
export class ConfiguredApis {
  /** @throws Error with one line for the user when the configuration cannot be used */
  static async load(options: ConfiguredApisOptions, surroundings: Surroundings): Promise<ConfiguredApis> {
    const { client, configFile: file, registry } = options;
    const { clock, random, logger: log } = surroundingsOf(surroundings, 'prometheus');
    const watching = { ...surroundingsOf(surroundings, 'reflector'), client };
    const objects = new WatchedObjects(new ApiServerObjects(client, clock), watching);
    const [sourceMetrics, sourceOutcomes] = [new SourceMetrics(registry, clock), new SourceOutcomes(registry, clock, log)];
    const rooms = { room: new ByteRoom(), podRoom: new ByteRoom() };
    const metrics = await loaded({ ...options, ...rooms, clock, random, log, objects, watching, file, sourceMetrics, sourceOutcomes });
    return new ConfiguredApis(metrics, objects, registry, surroundings);
  }

  readonly groupVersions: readonly GroupVersion[];
  readonly pages: Readonly<Record<string, Page>>;
  private stopMetrics: Stop | undefined;

  private constructor(readonly metrics: ReloadingMetrics, readonly objects: WatchedObjects, registry: MetricRegistry, { clock }: Surroundings) {
    this.groupVersions = groupVersions({ customMetrics: metrics, externalMetrics: metrics }, objects, valueFreshness(registry, clock));
    this.pages = { [`${METRICS_PAGE}*`]: metricsPage(new MetricExplainer({ metrics, objects, clock })) };
  }

  start(): void {
    this.stopMetrics = this.metrics.start();
  }

  stop(): void {
    this.stopMetrics?.();
    this.objects.stop();
  }
}

async function loaded(options: ReloadingMetricsOptions): Promise<ReloadingMetrics> {
  try {
    return await ReloadingMetrics.load(options);
  } catch (error) {
    const { syscall, code } = error as NodeJS.ErrnoException;
    throw syscall === undefined ? error : new UsageError([`--config=${options.file} cannot be read (${code}); check the path and its permissions`]);
  }
}
