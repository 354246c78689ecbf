import { CollectionWatch, WatchContext, watchCollection } from './collection-watch';
import { LabelSets } from './label-sets';
import { NodeAddress, NodeRecord } from './node';
import { FEATURES } from '../../_facts/rights';

/** The fields of a core/v1 Node that are read. */
export interface WireNode {
  readonly metadata: {
    readonly name: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: { readonly taints?: readonly { readonly key: string }[] };
  readonly status?: {
    readonly addresses?: readonly NodeAddress[];
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly lastTransitionTime?: string }[];
    readonly nodeInfo?: { readonly bootID?: string };
    readonly daemonEndpoints?: { readonly kubeletEndpoint?: { readonly Port?: number } };
  };
}

const METRICS_PATH_ANNOTATION = 'metrics.k8s.io/resource-metrics-path';
export const METRICS_PORT_ANNOTATION = 'metrics.k8s.io/resource-metrics-port';

/** Of cluster-autoscaler, Karpenter and the cloud node lifecycle controller, and of whoever knows that a node is shut down. */
const TERMINATION_TAINTS = new Set([
  'ToBeDeletedByClusterAutoscaler', 'karpenter.sh/disrupted', 'node.cloudprovider.kubernetes.io/shutdown', 'node.kubernetes.io/out-of-service',
]);

/** Follows the nodes of the cluster. */
export function watchNodes(
  context: WatchContext & { readonly labels: LabelSets; readonly onChange?: (node: NodeRecord) => void },
): CollectionWatch<NodeRecord> {
  return watchCollection(context, {
    name: 'nodes',
    feature: FEATURES.nodes(),
    path: '/api/v1/nodes',
    onChange: context.onChange,
    decode: (node: WireNode) => nodeRecord(node, context.labels),
  });
}

export function nodeRecord({ metadata, spec, status }: WireNode, labels: LabelSets): NodeRecord {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    namespace: '',
    name: metadata.name,
    labels: labels.of(metadata.labels),
    machine: `${metadata.uid ?? ''}/${status?.nodeInfo?.bootID ?? ''}`,
    addresses: (status?.addresses ?? []).map(({ type, address }) => ({ type, address })),
    kubeletPort: status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0,
    metricsPath: metadata.annotations?.[METRICS_PATH_ANNOTATION] || undefined,
    metricsPort: metadata.annotations?.[METRICS_PORT_ANNOTATION] || undefined,
    ready: ready?.status === 'True',
    readyTransition: ready?.lastTransitionTime ?? ready?.status ?? '',
    createdMs: Date.parse(metadata.creationTimestamp ?? '') || 0,
    terminating: metadata.deletionTimestamp !== undefined || (spec?.taints ?? []).some(({ key }) => TERMINATION_TAINTS.has(key)),
  };
}
