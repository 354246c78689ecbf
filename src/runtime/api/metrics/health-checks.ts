import { Clock } from '../../clock';
import { Lister } from '../../cluster/lister';
import { HealthCheck, HealthChecks } from '../../server/health-check';
import { UsageReader } from '../../store/usage';

export interface MetricsHealthOptions {
  readonly usage: Pick<UsageReader, 'ready'>;
  /** Why there are no metrics to serve, as far as that is known. Must name no node. */
  readonly whyNoMetrics?: () => string | undefined;
  readonly nodes: Pick<Lister, 'synced'>;
  readonly pods: Pick<Lister, 'synced'>;
  /** The right to list pods is missing: metrics of pods are off, and those of nodes are served. @default never */
  readonly podsForbidden?: () => boolean;
  /** When the last scrape cycle began, on the monotonic clock; undefined before the first. */
  readonly lastCycleStartMs: () => number | undefined;
  readonly resolutionMs: number;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** What metrics-server adds to each health endpoint, under its names, in its order, and in its words where it tells of a failure. */
export function metricsHealthChecks(options: MetricsHealthOptions): HealthChecks {
  const { usage, whyNoMetrics, nodes, pods, podsForbidden, lastCycleStartMs, resolutionMs, clock } = options;
  const storageReady = healthCheck('metric-storage-ready', 'no metrics to serve', () => usage.ready, () => {
    const why = whyNoMetrics?.();
    return `no metrics to serve${why === undefined ? '' : `: ${why}`}`;
  });
  const nodesSynced = healthCheck('metric-informer-sync', 'cache for node informer has not synced', () => nodes.synced, () => 'nodes are not listed yet');
  const podsSynced = healthCheck('metadata-informer-sync', '1 informers not started yet: [/v1, Resource=pods]', () => pods.synced || podsForbidden?.() === true,
    () => 'pods are not listed yet');
  const collectionTimely = healthCheck('metric-collection-timely', 'metric collection didn\'t finish on time', () => {
    const startMs = lastCycleStartMs();
    return startMs === undefined || clock.monotonic() - startMs <= 1.5 * resolutionMs;
  }, () => 'no scrape cycle has begun in one and a half times the metric resolution');
  // metrics-server opens its port only when pods are listed. Here the port is open before, and a restart lists nothing sooner.
  const podsSyncedOrAwaited = { name: 'metadata-informer-sync', check: () => undefined };
  return {
    livez: [collectionTimely, podsSyncedOrAwaited],
    readyz: [storageReady, nodesSynced, podsSynced],
    healthz: [podsSyncedOrAwaited],
  };
}

function healthCheck(name: string, told: string, healthy: () => boolean, reason: () => string): HealthCheck {
  return { name, told, check: () => healthy() ? undefined : reason() };
}
