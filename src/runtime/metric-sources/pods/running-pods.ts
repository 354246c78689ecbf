import { MetricObjects } from '../metric-objects';

/** A pod that can be asked. */
export interface RunningPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly ip: string;
}

interface WirePod {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly status?: { readonly podIP?: string };
}

/** Which pods, by their labels; without a namespace, in all of them. */
export interface PodSelection {
  readonly namespace?: string;
  readonly labelSelector: string;
}

/** Those that a selection chooses, asked for in this interval. @throws SourceError */
export function runningPods(
  objects: MetricObjects, selection: PodSelection, refreshMs: number,
): (signal: AbortSignal) => Promise<readonly RunningPod[]> {
  const pods = objects.reading({ apiVersion: 'v1', resource: 'pods', ...selection, fieldSelector: 'status.phase=Running' }, runningPod, refreshMs);
  return async (signal) => (await pods(signal)).filter((pod) => pod !== undefined);
}

function runningPod({ metadata: { namespace, name, uid, deletionTimestamp }, status }: WirePod): RunningPod | undefined {
  return deletionTimestamp === undefined && status?.podIP ? { namespace, name, uid, ip: status.podIP } : undefined;
}
