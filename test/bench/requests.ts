import { FleetSize } from './fleet';

/** A request that is measured; the keys of its figures begin with its own. */
export interface MeasuredRequest {
  readonly key: string;
  readonly title: string;
  readonly subject: 'pod' | 'namespace' | 'nodes' | 'pods';
  /** @default JSON */
  readonly accept?: string;
  /** @default false */
  readonly gzip?: boolean;
  /** Through kube-apiserver's aggregation layer. @default false */
  readonly aggregated?: boolean;
  /** Measured at DETAILED_NODES alone. @default false */
  readonly detail?: boolean;
}

const SUBJECTS = [
  { key: 'pod', title: 'one pod', subject: 'pod' },
  { key: 'namespace', title: 'one namespace', subject: 'namespace' },
  { key: 'nodes', title: 'all nodes', subject: 'nodes' },
  { key: 'pods', title: 'all pods', subject: 'pods' },
] as const;

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

/** JSON first, which is what most clients ask for. */
export const REQUESTS: readonly MeasuredRequest[] = [
  ...SUBJECTS,
  ...SUBJECTS.map(({ key, title, subject }) => ({ key: `${key}Protobuf`, title: `${title}, protobuf`, subject, accept: PROTOBUF })),
  { key: 'podsTable', title: 'all pods, Table', subject: 'pods', accept: TABLE, detail: true },
  { key: 'podsGzip', title: 'all pods, gzip', subject: 'pods', gzip: true, detail: true },
  { key: 'podAggregated', title: 'one pod, through kube-apiserver', subject: 'pod', aggregated: true, detail: true },
  { key: 'namespaceAggregated', title: 'one namespace, through kube-apiserver', subject: 'namespace', aggregated: true, detail: true },
];

/** Where formats and paths are compared, and pods replaced: what differs alike at every size. */
export const DETAILED_NODES = 1000;

/** Those that a run measures at a size. */
export function requestsAt({ nodes }: FleetSize, quick: boolean): readonly MeasuredRequest[] {
  return quick ? SUBJECTS : REQUESTS.filter(({ detail = false }) => !detail || nodes === DETAILED_NODES);
}
