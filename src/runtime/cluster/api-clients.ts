import { ApiClient } from './api-client';
import { ClusterConfig } from './cluster-config';
import { requestMetrics, RequestObserver } from './request-metrics';
import { Clock } from '../clock';
import { MetricRegistry } from '../telemetry/metric-registry';

export interface ApiClientsOptions {
  readonly clock: Clock;
  readonly userAgent: string;
  /** Requests are counted here. */
  readonly registry: MetricRegistry;
}

/** One client for each identity: those that are the same share their connections. Reviews have theirs apart. */
export class ApiClients {
  private readonly clients = new Map<ClusterConfig, ApiClient>();
  private readonly reviewers = new Map<ClusterConfig, ApiClient>();
  private readonly observerOf: (host: string) => RequestObserver;

  constructor(private readonly options: ApiClientsOptions) {
    this.observerOf = requestMetrics(options.registry);
  }

  of(config: ClusterConfig): ApiClient {
    return this.clientOf(config, this.clients);
  }

  /** Who asks, and whether they may, waits for no connection that somebody's questions hold. */
  forReviews(config: ClusterConfig): ApiClient {
    return this.clientOf(config, this.reviewers);
  }

  /** Ends all connections and what runs on them. */
  close(): void {
    [this.clients, this.reviewers].forEach((clients) => clients.forEach((client) => client.close()));
  }

  private clientOf(config: ClusterConfig, clients: Map<ClusterConfig, ApiClient>): ApiClient {
    const { clock, userAgent } = this.options;
    const client = clients.get(config) ?? new ApiClient({ config, clock, userAgent, onAnswer: this.observerOf(config.server.host) });
    clients.set(config, client);
    return client;
  }
}
