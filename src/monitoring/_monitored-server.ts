import { SelfMetrics } from '../_facts/self-metrics';

/** What alerts and dashboards are about. */
export interface MonitoredServer {
  readonly name: string;
  readonly namespace: string;
  readonly selfMetrics: readonly SelfMetrics[];
  /** Matchers of the server's series, as between braces. */
  readonly series: string;
}

/** An alert or a panel that only some servers can fill. */
export interface Needing {
  /** What the server has to serve for it to make sense. */
  readonly needs?: readonly SelfMetrics[];
}

export function hasWhatItNeeds({ selfMetrics }: MonitoredServer, { needs = [] }: Needing): boolean {
  return needs.every((needed) => selfMetrics.includes(needed));
}
