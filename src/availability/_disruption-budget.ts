import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { DisruptionBudget } from './disruption-budget';
import { namespaced, ObjectMeta } from '../kubernetes/_k8s';

/** The PodDisruptionBudget of a server's pods, if there is to be one. */
export function disruptionBudget(
  scope: Construct, metadata: ObjectMeta & { readonly namespace: string }, matchLabels: Readonly<Record<string, string>>,
  budget: DisruptionBudget = { enabled: false },
): ApiObject | undefined {
  const { enabled = true, minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = budget;
  if (!enabled) return undefined;
  return namespaced(scope, 'PodDisruptionBudget', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' }, metadata, {
    spec: {
      minAvailable: minAvailable?._wire ?? (maxUnavailable ? undefined : 1),
      maxUnavailable: maxUnavailable?._wire,
      selector: { matchLabels },
      unhealthyPodEvictionPolicy,
    },
  });
}
