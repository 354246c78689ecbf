import { certificateAuthority, clientCertificate, kubeconfig } from './kubelet-files';
import { Call } from '../../typescript/expression';
import { Flag, isOn, lastFlag } from '../command-line';
import { Translation } from '../translation';
import { Values } from '../values';

/** Flags that say how kubelets are asked, in the order in which metrics-server decides. */
export const ACCESS_FLAGS = ['deprecated-kubelet-completely-insecure', 'kubelet-insecure-tls', 'kubeconfig', 'kubelet-client-certificate', 'kubelet-client-key',
  'kubelet-certificate-authority'];

/** The one access that the flags come to. */
export function kubeletAccess(flags: readonly Flag[], values: Values, to: Translation): Call | undefined {
  if (isOn(lastFlag(flags, 'deprecated-kubelet-completely-insecure'))) return new Call('KubeletAccess.readOnlyPort');
  if (isOn(lastFlag(flags, 'kubelet-insecure-tls'))) return new Call('KubeletAccess.insecureSkipTlsVerify');
  const config = lastFlag(flags, 'kubeconfig');
  if (config) return kubeconfig(config, values, to);
  const authority = lastFlag(flags, 'kubelet-certificate-authority');
  const certificate = lastFlag(flags, 'kubelet-client-certificate');
  if (certificate) return clientCertificate({ certificate, key: lastFlag(flags, 'kubelet-client-key'), authority }, values, to);
  return authority && certificateAuthority(authority, values, to);
}
