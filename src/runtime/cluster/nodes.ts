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
  };
  readonly status?: {
    readonly addresses?: readonly NodeAddress[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: { readonly bootID?: string };
    readonly daemonEndpoints?: { readonly kubeletEndpoint?: { readonly Port?: number } };
  };
}

const METRICS_PATH_ANNOTATION = 'metrics.k8s.io/resource-metrics-path';

/** Follows the nodes of the cluster. */
export function watchNodes(context: WatchContext & { readonly labels: LabelSets }): CollectionWatch<NodeRecord> {
  return watchCollection(context, {
    name: 'nodes',
    feature: FEATURES.nodes(),
    path: '/api/v1/nodes',
    decode: (node: WireNode) => nodeRecord(node, context.labels),
  });
}

export function nodeRecord({ metadata, status }: WireNode, labels: LabelSets): NodeRecord {
  return {
    namespace: '',
    name: metadata.name,
    labels: labels.of(metadata.labels),
    machine: `${metadata.uid ?? ''}/${status?.nodeInfo?.bootID ?? ''}`,
    addresses: (status?.addresses ?? []).map(({ type, address }) => ({ type, address })),
    kubeletPort: status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0,
    metricsPath: metadata.annotations?.[METRICS_PATH_ANNOTATION] || undefined,
    ready: status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false,
  };
}
