import { metricsGroup, MetricsVersion } from './group-version';
import { IndexedField, LabelFilter, MetricsResource } from './metrics-resource';
import { NodeMetrics } from './node-metrics';
import { metricsOpenApi } from './openapi';
import { PodList } from './pod-list';
import { PodMetrics } from './pod-metrics';
import { SimdPodRows } from './simd-pod-rows';
import { FEATURES, rightsOf } from '../../../_facts/rights';
import { Clock } from '../../clock';
import { Lister } from '../../cluster/lister';
import { NodeRecord } from '../../cluster/node';
import { PodRecord } from '../../cluster/pod';
import { ApiResource, GroupVersion } from '../../server/group-version';
import { StatusError } from '../../server/status';
import { UsageReader } from '../../store/usage';

export interface MetricsApiOptions {
  readonly version: MetricsVersion;
  readonly nodes: Lister<NodeRecord>;
  readonly pods: Lister<PodRecord>;
  /** The right to list pods is missing. @default never */
  readonly podsForbidden?: () => boolean;
  readonly usage: UsageReader;
  readonly clock: Clock;
  /** Nodes that it does not match are not listed. All are when undefined. */
  readonly nodeSelector?: LabelFilter;
  /** Take `fieldSelector=spec.nodeName=…` for pods. @default false */
  readonly selectsByNode?: boolean;
  /** Told the age of each sample that is returned. */
  readonly freshness?: (ageSeconds: number) => void;
  /** Told of each request. */
  readonly onAsked?: () => void;
  /** Gives what writes lists of pods in JSON. @default JavaScript does */
  readonly simdPodRows?: () => SimdPodRows | undefined;
}

const verbs = ['get', 'list'];
const nodeResource: ApiResource = { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs };
const podResource: ApiResource = { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs };

const PODS_FORBIDDEN = `metrics of pods are off: the server's ServiceAccount needs the right to ${rightsOf(FEATURES.pods())}`;

/** One version of `metrics.k8s.io`: CPU and memory of nodes and pods. */
export function metricsApi(options: MetricsApiOptions): GroupVersion {
  const { version, nodes, pods, podsForbidden, usage, nodeSelector, selectsByNode = false, ...shared } = options;
  const nodeMetrics = new MetricsResource({
    ...shared,
    group: metricsGroup,
    resource: nodeResource,
    lister: nodes,
    unknownKind: 'node',
    selector: nodeSelector,
    measure(node, createdMs) {
      const nodeUsage = usage.node(node.name);
      return nodeUsage && new NodeMetrics(node, nodeUsage, createdMs);
    },
  });
  /** The last one of the same pods, so that those who ask in the same second can share it. */
  const lists = new WeakMap<readonly PodRecord[], PodList>();
  const podMetrics = new MetricsResource({
    ...shared,
    group: metricsGroup,
    resource: podResource,
    lister: pods,
    unknownKind: 'pods',
    fields: selectsByNode ? { 'spec.nodeName': podsByNode(pods, usage) } : {},
    measure(pod, createdMs) {
      const podUsage = usage.pod(pod.namespace, pod.name, pod.living);
      return podUsage && new PodMetrics(pod, podUsage, createdMs);
    },
    inBytes(objects, createdMs) {
      const figures = usage.podCursor;
      // Which containers live is said of one pod at a time.
      if (!figures || objects.some(({ living }) => living !== undefined)) return undefined;
      const before = lists.get(objects);
      if (before?.isOf(createdMs)) return before;
      const list = new PodList({ pods: objects, figures, createdMs, freshness: options.freshness }, options.simdPodRows?.());
      lists.set(objects, list);
      return list;
    },
  });
  return {
    group: metricsGroup,
    version,
    resources: [nodeResource, podResource],
    openapi: metricsOpenApi(version),
    handle({ info, options: listOptions }) {
      options.onAsked?.();
      const metrics = info.resource === nodeResource.name ? nodeMetrics : podMetrics;
      // No pods would be a lie.
      if (metrics === podMetrics && podsForbidden?.()) throw StatusError.serviceUnavailable(PODS_FORBIDDEN);
      return info.verb === 'list' ? metrics.list(info.namespace, listOptions!) : metrics.get(info.namespace, info.name);
    },
  };
}

/** A pod is where it is measured: no pod without metrics is listed anyway. */
function podsByNode(pods: Lister<PodRecord>, usage: UsageReader): IndexedField<PodRecord> {
  return {
    read: ({ namespace, name }) => usage.nodeOf(namespace, name) ?? '',
    objectsWith: (node) => usage.podsOn(node).flatMap(({ namespace, name }) => pods.get(namespace, name) ?? []),
  };
}
