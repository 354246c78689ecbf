import { KubeletAccess } from './kubelet-access';
import { MetricsServerProps } from './metrics-server';
import { Platform } from './platform';
import { KUBELET_PORT } from '../_facts/pod';
import { ConfigMapRef } from '../kubernetes/references';

/** Properties with what the platform says where they say nothing. */
export function withPlatformDefaults(given: MetricsServerProps): MetricsServerProps {
  if (!given.platform) return given;
  const { kubeletCa } = given.platform._facts;
  const kubeletAccess = kubeletCa && KubeletAccess.certificateAuthority(ConfigMapRef.fromName(kubeletCa.configMap), kubeletCa.key);
  return {
    ...given,
    securePort: given.securePort ?? securePortOn(given.platform, given.hostNetwork),
    kubeletAccess: given.kubeletAccess ?? kubeletAccess,
  };
}

/** On the node's network the kubelet has its port itself, whatever firewall lets it pass. */
function securePortOn({ _facts: { securePort } }: Platform, hostNetwork = false): number | undefined {
  return hostNetwork && securePort === KUBELET_PORT ? undefined : securePort;
}
