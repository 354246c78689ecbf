import { UpdateStrategy } from './update-strategy';
import { Body } from '../kubernetes/_k8s';

/**
 * A Deployment's strategy as Kubernetes writes it.
 *
 * @param maxUnavailable Of the rolling update that the image's own manifests ask for; absent where they ask for none
 */
export function strategyOf(strategy: UpdateStrategy | undefined, maxUnavailable: number | undefined): Body | undefined {
  if (strategy) return { type: strategy._type, rollingUpdate: rollingUpdate(strategy) };
  // Without its type, `kubectl apply` removes the defaulted one again at each run.
  return maxUnavailable === undefined ? undefined : { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } };
}

function rollingUpdate({ _rollingUpdate: { maxSurge, maxUnavailable } = {} }: UpdateStrategy): Body | undefined {
  return maxSurge || maxUnavailable ? { maxSurge: maxSurge?._wire, maxUnavailable: maxUnavailable?._wire } : undefined;
}
