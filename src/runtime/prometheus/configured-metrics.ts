import { RuleCustomMetrics } from './adapter/custom-metrics';
import { RuleExternalMetrics } from './adapter/external-metrics';
import { RuleQueries } from './adapter/rule-queries';
import { QueriedResources } from './adapter/rule-usage';
import { SeriesDiscovery } from './adapter/series-discovery';
import { CircuitBreaker } from './circuit-breaker';
import { PrometheusConfiguration } from './configuration/configuration';
import { DeclaredMetrics } from './declared/declared-metrics';
import { JoinedList } from './joined-list';
import { MeasuredPrometheus, SourceMetrics } from './measured-prometheus';
import { PrometheusClient } from './prometheus-client';
import { Sources } from './sources';
import { Clock, Random, Stop } from '../clock';
import { ExternalMetricValue, MetricValue } from '../custom-metrics/metric-value';
import { ClusterObjects, formatGroupResource } from '../custom-metrics/objects';
import { CustomMetricInfo, CustomMetricsProvider, ExternalMetricInfo, ExternalMetricsProvider } from '../custom-metrics/provider';
import { Logger } from '../telemetry/logger';

export interface ConfiguredMetricsOptions {
  readonly configuration: PrometheusConfiguration;
  readonly objects: ClusterObjects;
  readonly sourceMetrics: SourceMetrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** As prometheus-adapter's --metrics-relist-interval. */
  readonly relistIntervalMs: number;
  /** As prometheus-adapter's --metrics-max-age. */
  readonly maxAgeMs: number;
  readonly userAgent: string;
}

/** Everything that one configuration asks for. What is declared comes before what rules find. */
export class ConfiguredMetrics implements CustomMetricsProvider, ExternalMetricsProvider {
  /** For usage of nodes and pods, where the configuration has rules for it. */
  readonly resources: QueriedResources | undefined;
  private readonly clients: readonly PrometheusClient[];
  private readonly declared: DeclaredMetrics;
  private readonly discovery: SeriesDiscovery;
  private readonly custom: RuleCustomMetrics;
  private readonly external: RuleExternalMetrics;
  private readonly customList = new JoinedList<CustomMetricInfo>(({ groupResource, metric }) => `${formatGroupResource(groupResource)}/${metric}`);
  private readonly externalList = new JoinedList<ExternalMetricInfo>(({ metric }) => metric);

  constructor(options: ConfiguredMetricsOptions) {
    const { configuration, objects, sourceMetrics, clock, random, userAgent } = options;
    const { metrics, rules, externalRules } = configuration;
    this.clients = configuration.sources.map((source) => new PrometheusClient(source, clock, userAgent));
    const measured = this.clients.map((client) => new MeasuredPrometheus(client, sourceMetrics, clock));
    const sources = new Sources(measured.map((source) => new CircuitBreaker(source, clock, random)));
    this.declared = new DeclaredMetrics({ metrics, sources, objects, clock, random });
    this.discovery = new SeriesDiscovery({ ...options, rules, externalRules, sources });
    const queries = new RuleQueries(sources, clock);
    this.resources = configuration.resourceRules && { rules: configuration.resourceRules, queries };
    this.custom = new RuleCustomMetrics(this.discovery, queries, objects);
    this.external = new RuleExternalMetrics(this.discovery, queries);
  }

  start(): Stop {
    const stops = [this.declared.start(), this.discovery.start()];
    return () => {
      stops.forEach((stop) => stop());
      this.clients.forEach((client) => client.close());
    };
  }

  /** Resolves when series have been looked for once, successfully or not. */
  get discovered(): Promise<void> {
    return this.discovery.first;
  }

  /** Milliseconds by the names of the declared metrics that have values. */
  get ages(): ReadonlyMap<string, number> {
    return this.declared.ages;
  }

  listAllMetrics(): readonly CustomMetricInfo[] {
    return this.customList.of(this.declared.listAllMetrics(), this.custom.listAllMetrics());
  }

  listAllExternalMetrics(): readonly ExternalMetricInfo[] {
    return this.externalList.of(this.declared.listAllExternalMetrics(), this.external.listAllExternalMetrics());
  }

  async getMetricByName(...request: Parameters<CustomMetricsProvider['getMetricByName']>): Promise<MetricValue> {
    const [, info, , signal] = request;
    return (await this.providerOf(info, signal)).getMetricByName(...request);
  }

  async getMetricBySelector(...request: Parameters<CustomMetricsProvider['getMetricBySelector']>): Promise<readonly MetricValue[]> {
    const [, , info, , signal] = request;
    return (await this.providerOf(info, signal)).getMetricBySelector(...request);
  }

  getExternalMetric(...request: Parameters<ExternalMetricsProvider['getExternalMetric']>): Promise<readonly ExternalMetricValue[]> {
    const [, , info] = request;
    return (this.declared.hasExternal(info) ? this.declared : this.external).getExternalMetric(...request);
  }

  private async providerOf(info: CustomMetricInfo, signal: AbortSignal): Promise<CustomMetricsProvider> {
    return await this.declared.has(info, signal) ? this.declared : this.custom;
  }
}
