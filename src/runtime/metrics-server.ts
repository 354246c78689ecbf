import { metricFreshness } from './api/metrics/freshness';
import { METRICS_VERSIONS } from './api/metrics/group-version';
import { metricsHealthChecks } from './api/metrics/health-checks';
import { metricsApi } from './api/metrics/metrics-api';
import { SimdPodRows } from './api/metrics/simd-pod-rows';
import { ApiClient } from './cluster/api-client';
import { ApiClients } from './cluster/api-clients';
import { CollectionWatch } from './cluster/collection-watch';
import { LabelSets } from './cluster/label-sets';
import { NodeRecord } from './cluster/node';
import { watchNodes } from './cluster/nodes';
import { PodRecord } from './cluster/pod';
import { watchRunningPods } from './cluster/pods';
import { ClusterConfigs } from './cluster-configs';
import { nodesPage } from './debug/nodes-page';
import { Demand } from './demand';
import { ExtensionServer } from './extension-server';
import { Options } from './flags/options';
import { kubeletClient } from './kubelets';
import type { ConfiguredApis } from './metrics-adapter/configured-apis';
import { nodeEvents } from './scrape/node-events';
import { ScrapeOutcome } from './scrape/outcome';
import { registerOutcomeMetrics } from './scrape/outcome-metrics';
import { ScrapeOutcomes } from './scrape/outcomes';
import { ScrapeMetrics } from './scrape/scrape-metrics';
import { Scraper } from './scrape/scraper';
import { MissingRightWarnings } from './server/missing-right-warnings';
import { MetricStore } from './store/metric-store';
import { registerStorageMetrics } from './store/storage-metrics';
import { ModuleSurroundings, Surroundings, surroundingsOf } from './surroundings';
import { FEATURES } from '../_facts/rights';
import { GroupVersion } from './server/group-version';
import { HealthChecks } from './server/health-check';
import { Paging } from './server/paging';
import { reviewsOf } from './server/review-client';
import { MetricRegistry } from './telemetry/metric-registry';
import { registerProcessMetrics } from './telemetry/process-metrics';
import { VERSION } from './version';

const USER_AGENT = `metrics-server/${VERSION} (${process.platform}/${process.arch})`;

/** What the server is put together from. */
interface Parts {
  readonly clients: ApiClients;
  readonly registry: MetricRegistry;
  /** Custom and external metrics, with `--config`. */
  readonly configuredApis: ConfiguredApis | undefined;
}

/** Puts the parts together; data flows from nodes and pods over the scraper and the store to the API. */
export class MetricsServer {
  /** @throws Error with one line for the user when a file that the options name cannot be read or used */
  static async create(options: Options, configs: ClusterConfigs, surroundings: Surroundings): Promise<MetricsServer> {
    const registry = new MetricRegistry();
    const clients = new ApiClients({ clock: surroundings.clock, userAgent: USER_AGENT, registry });
    const { metricsConfiguration } = options;
    const configuredApis = metricsConfiguration && await loadedApis({
      ...metricsConfiguration, besideKubelets: true, client: clients.of(configs.cluster), registry, userAgent: USER_AGENT,
    }, surroundings);
    return new MetricsServer(options, configs, surroundings, { clients, registry, configuredApis });
  }

  private readonly clients: ApiClients;
  private readonly registry: MetricRegistry;
  private readonly configuredApis: ConfiguredApis | undefined;
  private readonly nodes: CollectionWatch<NodeRecord>;
  private readonly pods: CollectionWatch<PodRecord>;
  private readonly store: MetricStore;
  private readonly outcomes = new ScrapeOutcomes();
  private readonly demand: Demand;
  private readonly scraper: Scraper;
  private readonly paging: Paging | undefined;
  private readonly server: ExtensionServer;

  private constructor(private readonly options: Options, configs: ClusterConfigs, private readonly surroundings: Surroundings, parts: Parts) {
    const { clock, random, loggers } = surroundings;
    ({ clients: this.clients, registry: this.registry, configuredApis: this.configuredApis } = parts);
    registerProcessMetrics(this.registry, clock);

    const watches = { ...this.surroundingsOf('reflector'), client: this.clients.of(configs.cluster), labels: new LabelSets() };
    this.nodes = watchNodes({ ...watches, onChange: (node) => this.scraper.nodeChanged(node) });
    this.pods = watchRunningPods({ ...watches, containerStates: options.watchContainerStates });

    const resolutionMs = options.metricResolutionMs;
    this.store = new MetricStore({
      clock,
      random,
      resolutionMs,
      maxAgeMs: options.metricRetentionMs,
      keepsSwap: !options.upstreamCompatible,
      onDuplicatePod: ({ pod, node, otherNode }) => loggers('store').warn('Two nodes report the same pod; the later start counts', { pod, node, otherNode }),
    });
    registerStorageMetrics(this.registry, this.store);
    this.demand = new Demand(clock);
    this.scraper = new Scraper({
      ...this.surroundingsOf('scraper'),
      env: surroundings.env,
      nodes: this.nodes.lister,
      selector: options.kubelet.nodeSelector,
      client: kubeletClient(options.kubelet, configs.cluster, clock, loggers('kubelets')),
      sink: this.store,
      outcomes: this.outcomes,
      metrics: new ScrapeMetrics(this.registry, resolutionMs),
      onChange: options.nodeEvents ? this.nodeEvents(this.clients.of(configs.own)) : undefined,
      resolutionMs,
      isAsked: () => this.demand.isRecent,
    });
    registerOutcomeMetrics(this.registry, this.outcomes);

    this.paging = options.upstreamCompatible ? undefined : new Paging(surroundings);
    this.server = new ExtensionServer({
      options,
      configs,
      clients: this.clients,
      registry: this.registry,
      userAgent: USER_AGENT,
      title: 'Kubernetes metrics-server',
      version: VERSION,
      groupVersions: [...this.groupVersions(), ...this.configuredApis?.groupVersions ?? []],
      paging: this.paging,
      healthChecks: this.healthChecks(),
      pages: { '/debug/nodes': nodesPage(() => this.scrapedNodes(), this.outcomes), ...this.configuredApis?.pages },
    }, surroundings);
  }

  /** Listens as soon as there is a certificate, live and not ready, and becomes ready when everything has come in. */
  async start(): Promise<void> {
    await this.server.start();
    this.nodes.start();
    this.pods.start();
    this.scraper.start();
    this.configuredApis?.start();
  }

  /** Takes the file of `--config` as it is now. */
  async reload(): Promise<void> {
    await this.configuredApis?.metrics.reload();
  }

  /** Not ready at once, serving for `--shutdown-delay-duration`, then draining for `drainMs` at most. */
  async stop(drainMs: number): Promise<void> {
    await this.server.stop(drainMs);
    this.paging?.close();
    this.configuredApis?.stop();
    await this.scraper.stop();
    this.nodes.stop();
    this.pods.stop();
    this.clients.close();
  }

  private groupVersions(): GroupVersion[] {
    const freshness = metricFreshness(this.registry);
    const simdPodRows = SimdPodRows.onDemand(this.surroundings.env);
    return METRICS_VERSIONS.map((version) => metricsApi({
      version,
      nodes: this.nodes.lister,
      pods: this.pods.lister,
      podsForbidden: () => this.pods.forbidden,
      usage: this.store,
      clock: this.surroundings.clock,
      nodeSelector: this.options.kubelet.nodeSelector,
      freshness,
      onAsked: () => this.demand.note(),
      simdPodRows,
      selectsByNode: !this.options.upstreamCompatible,
    }));
  }

  /** metrics-server waits for nodes and pods before it opens its port; this runtime is live meanwhile. */
  private healthChecks(): HealthChecks {
    return metricsHealthChecks({
      usage: this.store,
      whyNoMetrics: () => this.outcomes.summary(),
      nodes: this.nodes.lister,
      pods: this.pods.lister,
      podsForbidden: () => this.pods.forbidden,
      lastCycleStartMs: () => this.scraper.lastCycleStartMs,
      resolutionMs: this.options.metricResolutionMs,
      clock: this.surroundings.clock,
    });
  }

  private scrapedNodes(): readonly NodeRecord[] {
    return this.nodes.lister.list().filter(({ labels }) => this.options.kubelet.nodeSelector.matches(labels.values));
  }

  private nodeEvents(client: ApiClient): (outcome: ScrapeOutcome) => void {
    const surroundings = this.surroundingsOf('events');
    return nodeEvents({ ...surroundings, client: new MissingRightWarnings(reviewsOf(client), FEATURES.nodeEvents(), surroundings.logger) });
  }

  private surroundingsOf(module: string): ModuleSurroundings {
    return surroundingsOf(this.surroundings, module);
  }
}

/** A server without is not made to hold what it takes. */
async function loadedApis(...given: Parameters<typeof ConfiguredApis.load>): Promise<ConfiguredApis> {
  return (await import('./metrics-adapter/configured-apis')).ConfiguredApis.load(...given);
}
