import { Clock, Random, Stop } from '../clock';
import { RuleCustomMetrics } from './adapter/custom-metrics';
import { RuleExternalMetrics } from './adapter/external-metrics';
import { RuleQueries } from './adapter/rule-queries';
import { QueriedResources } from './adapter/rule-usage';
import { SeriesDiscovery } from './adapter/series-discovery';
import { WatchContext } from '../cluster/collection-watch';
import { customMetricKey, externalMetricKey } from '../custom-metrics/metric-keys';
import { ExternalMetricValue, MetricValue } from '../custom-metrics/metric-value';
import { ClusterObjects } from '../custom-metrics/objects';
import { CustomMetricInfo, CustomMetricsProvider, ExternalMetricInfo, ExternalMetricsProvider } from '../custom-metrics/provider';
import { CustomQuestion, Derivation, DerivedMetrics, ExternalQuestion } from '../metric-sources/derivation';
import { OtherAdapter } from '../other-adapters/other-adapter';
import { CircuitBreaker } from '../prometheus/circuit-breaker';
import { PrometheusConfiguration } from './configuration/configuration';
import { ByteRoom } from '../prometheus/byte-room';
import { SourceConfiguration, sourceSaid } from '../prometheus/source-configuration';
import { DeclaredMetrics } from './declared/declared-metrics';
import { Freshness } from './declared/served-metric';
import { JoinedList } from '../custom-metrics/joined-list';
import { OtherAdapters } from '../other-adapters/other-adapters';
import { MeasuredPrometheus, SourceMetrics } from '../prometheus/measured-prometheus';
import { PrometheusClient } from '../prometheus/prometheus-client';
import { SourceOutcomes } from '../prometheus/source-outcomes';
import { Sources } from '../prometheus/sources';
import { Logger } from '../telemetry/logger';

export interface ConfiguredMetricsOptions {
  readonly configuration: PrometheusConfiguration;
  /** Those that these take over from. */
  readonly before?: ConfiguredMetrics;
  readonly objects: ClusterObjects;
  /** Follows the API server by our own rights. */
  readonly watching: WatchContext;
  readonly sourceMetrics: SourceMetrics;
  readonly sourceOutcomes: SourceOutcomes;
  /** For answers of sources and of other adapters that are held until they are read. */
  readonly room: ByteRoom;
  /** For pages of pods: whoever may make pods keeps no source waiting. */
  readonly podRoom: ByteRoom;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** As prometheus-adapter's --metrics-relist-interval. */
  readonly relistIntervalMs: number;
  /** As prometheus-adapter's --metrics-max-age. */
  readonly maxAgeMs: number;
  readonly userAgent: string;
}

/** Everything that one configuration asks for. What is declared comes before what rules find, and that before what other adapters have. */
export class ConfiguredMetrics implements CustomMetricsProvider, ExternalMetricsProvider, DerivedMetrics {
  /** For usage of nodes and pods, where the configuration has rules for it. */
  readonly resources: QueriedResources | undefined;
  private readonly clients: readonly PrometheusClient[];
  private readonly others: OtherAdapters;
  private readonly declared: DeclaredMetrics;
  private readonly discovery: SeriesDiscovery;
  private readonly custom: RuleCustomMetrics;
  private readonly external: RuleExternalMetrics;
  private readonly customList = new JoinedList(customMetricKey);
  private readonly externalList = new JoinedList(externalMetricKey);
  private discovering: readonly Stop[] = [];

  constructor(options: ConfiguredMetricsOptions) {
    const { configuration, before, objects, sourceMetrics, sourceOutcomes, room, clock, random, userAgent } = options;
    const { metrics, rules, externalRules } = configuration;
    const clientsOf = (sources: readonly SourceConfiguration[]) => sources.map((source) => new PrometheusClient(source, clock, userAgent, room));
    const guarded = (clients: readonly PrometheusClient[]) => clients.map((client) => (
      new CircuitBreaker(new MeasuredPrometheus(client, sourceMetrics, sourceOutcomes), clock, random)
    ));
    const [sourceClients, adapterClients] = [clientsOf(configuration.sources), clientsOf(configuration.adapters)];
    this.clients = [...sourceClients, ...adapterClients];
    const sources = new Sources(guarded(sourceClients));
    this.declared = new DeclaredMetrics({ ...options, metrics, sources });
    this.discovery = new SeriesDiscovery({
      ...options,
      rules,
      externalRules,
      sources,
      sourceSaid: (name) => sourceSaid(configuration.sources, name),
      before: before?.discovery,
    });
    this.others = new OtherAdapters({
      ...options,
      adapters: guarded(adapterClients).map((adapter) => new OtherAdapter(adapter, clock)),
      beforeNotFound: () => this.discovery.assertComplete(),
    });
    const queries = new RuleQueries(sources, clock);
    this.resources = configuration.resourceRules && { rules: configuration.resourceRules, queries };
    this.custom = new RuleCustomMetrics(this.discovery, queries, objects);
    this.external = new RuleExternalMetrics(this.discovery, queries);
  }

  start(): Stop {
    this.discovering = [this.discovery.start(), this.others.start()];
    const stopDeclared = this.declared.start();
    return () => {
      stopDeclared();
      this.discovering.forEach((stop) => stop());
      this.clients.forEach((client) => client.close());
    };
  }

  /** Takes over from another configuration: what both declare alike goes on with its last values. */
  continueFrom(before: ConfiguredMetrics): void {
    this.declared.continueFrom(before.declared);
  }

  /** Another configuration has taken over: asks nothing by itself any longer, and answers who has asked before. */
  retire(): void {
    this.discovering.forEach((stop) => stop());
    this.declared.retire();
  }

  /** As metrics and messages call them. */
  get sourceNames(): ReadonlySet<string> {
    return new Set([...this.clients.map(({ name }) => name), ...this.declared.sourceNames]);
  }

  /** Resolves when everything that rules look for has been found. */
  get discovered(): Promise<void> {
    return this.discovery.complete;
  }

  /** Of the declared metrics that somebody asks for, by their names. */
  get freshness(): ReadonlyMap<string, Freshness> {
    return this.declared.freshness;
  }

  listAllMetrics(): readonly CustomMetricInfo[] {
    return this.customList.of(this.declared.listAllMetrics(), this.custom.listAllMetrics(), this.others.listAllMetrics());
  }

  listAllExternalMetrics(): readonly ExternalMetricInfo[] {
    return this.externalList.of(this.declared.listAllExternalMetrics(), this.external.listAllExternalMetrics(), this.others.listAllExternalMetrics());
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
    return this.externalProviderOf(info).getExternalMetric(...request);
  }

  async deriveCustom(question: CustomQuestion, signal: AbortSignal): Promise<Derivation | undefined> {
    const declared = await this.declared.deriveCustom(question, signal);
    return declared ?? (this.custom.has(question.info) ? this.custom.derive(question, signal) : undefined);
  }

  async deriveExternal(question: ExternalQuestion, signal: AbortSignal): Promise<Derivation | undefined> {
    const declared = await this.declared.deriveExternal(question, signal);
    return declared ?? (this.external.has(question.info) ? this.external.derive(question, signal) : undefined);
  }

  private async providerOf(info: CustomMetricInfo, signal: AbortSignal): Promise<CustomMetricsProvider> {
    if (await this.declared.has(info, signal)) return this.declared;
    return this.custom.has(info) || this.others.isEmpty ? this.custom : this.others;
  }

  private externalProviderOf(info: ExternalMetricInfo): ExternalMetricsProvider {
    if (this.declared.hasExternal(info)) return this.declared;
    return this.external.has(info) || this.others.isEmpty ? this.external : this.others;
  }
}
