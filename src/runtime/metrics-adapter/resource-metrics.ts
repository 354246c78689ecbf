import { metricFreshness } from '../api/metrics/freshness';
import { METRICS_VERSIONS } from '../api/metrics/group-version';
import { metricsApi } from '../api/metrics/metrics-api';
import { ApiClient } from '../cluster/api-client';
import { CollectionWatch } from '../cluster/collection-watch';
import { LabelSets } from '../cluster/label-sets';
import { NodeRecord } from '../cluster/node';
import { watchNodes } from '../cluster/nodes';
import { PodRecord } from '../cluster/pod';
import { watchRunningPods } from '../cluster/pods';
import { QueriedResources, RuleUsage } from '../configured-metrics/adapter/rule-usage';
import { ClusterObjects } from '../custom-metrics/objects';
import { GroupVersion } from '../server/group-version';
import { HealthCheck } from '../server/health-check';
import { ModuleSurroundings } from '../surroundings';
import { MetricRegistry } from '../telemetry/metric-registry';

export interface ResourceMetricsOptions extends ModuleSurroundings {
  readonly client: ApiClient;
  readonly objects: ClusterObjects;
  readonly registry: MetricRegistry;
  /** As the configuration has them now. */
  readonly resources: () => QueriedResources | undefined;
}

/** `metrics.k8s.io` by `resourceRules`: which nodes and pods there are, the API server says; what they use, Prometheus. */
export class ResourceMetrics {
  readonly groupVersions: readonly GroupVersion[];
  readonly readyz: readonly HealthCheck[];
  private readonly nodes: CollectionWatch<NodeRecord>;
  private readonly pods: CollectionWatch<PodRecord>;

  constructor({ client, objects, registry, resources, ...surroundings }: ResourceMetricsOptions) {
    const watches = { ...surroundings, client, labels: new LabelSets() };
    this.nodes = watchNodes({ ...watches, onChange: () => {} });
    this.pods = watchRunningPods({ ...watches, containerStates: false });
    const shared = { nodes: this.nodes.lister, pods: this.pods.lister, clock: surroundings.clock };
    const usage = new RuleUsage({ ...shared, resources, objects });
    const podsForbidden = () => this.pods.forbidden;
    const freshness = metricFreshness(registry);
    this.groupVersions = METRICS_VERSIONS.map((version) => usage.serving(metricsApi({ ...shared, podsForbidden, version, usage, freshness })));
    this.readyz = [
      { name: 'metric-informer-sync', check: () => this.nodes.lister.synced ? undefined : 'nodes are not listed yet' },
      { name: 'metadata-informer-sync', check: () => this.pods.lister.synced || podsForbidden() ? undefined : 'pods are not listed yet' },
    ];
  }

  start(): void {
    this.nodes.start();
    this.pods.start();
  }

  stop(): void {
    this.nodes.stop();
    this.pods.stop();
  }
}
