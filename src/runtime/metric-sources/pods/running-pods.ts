import { KubernetesClient, listObjects } from '../kubernetes-objects';

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

/** Those that a selector chooses in a namespace, or everywhere. @throws SourceError */
export async function runningPods(
  client: KubernetesClient, namespace: string | undefined, selector: string, signal: AbortSignal,
): Promise<readonly RunningPod[]> {
  const path = namespace === undefined ? '/api/v1/pods' : `/api/v1/namespaces/${namespace}/pods`;
  const pods = await listObjects<WirePod>(client, path, { labelSelector: selector, fieldSelector: 'status.phase=Running' }, signal);
  return pods.flatMap(({ metadata: { namespace: where, name, uid, deletionTimestamp }, status }) => (
    deletionTimestamp === undefined && status?.podIP ? [{ namespace: where, name, uid, ip: status.podIP }] : []
  ));
}
