import { KubeletAccess } from './kubelet-access';
import { MetricsServerProps } from './metrics-server';
import { ConfigMapRef } from './references';

/** Properties with what the platform says where they say nothing. */
export function withPlatformDefaults(given: MetricsServerProps): MetricsServerProps {
  if (!given.platform) return given;
  const { securePort, kubeletCa } = given.platform._facts;
  const kubeletAccess = kubeletCa && KubeletAccess.certificateAuthority(ConfigMapRef.fromName(kubeletCa.configMap), kubeletCa.key);
  return {
    ...given,
    securePort: given.securePort ?? securePort,
    kubeletAccess: given.kubeletAccess ?? kubeletAccess,
  };
}
