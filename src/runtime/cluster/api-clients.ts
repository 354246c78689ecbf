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

/** One client for each identity: those that are the same share their connections. */
export class ApiClients {
  private readonly clients = new Map<ClusterConfig, ApiClient>();
  private readonly observerOf: (host: string) => RequestObserver;

  constructor(private readonly options: ApiClientsOptions) {
    this.observerOf = requestMetrics(options.registry);
  }

  of(config: ClusterConfig): ApiClient {
    const { clock, userAgent } = this.options;
    const client = this.clients.get(config) ?? new ApiClient({ config, clock, userAgent, onAnswer: this.observerOf(config.server.host) });
    this.clients.set(config, client);
    return client;
  }

  /** Ends all connections and what runs on them. */
  close(): void {
    this.clients.forEach((client) => client.close());
  }
}
