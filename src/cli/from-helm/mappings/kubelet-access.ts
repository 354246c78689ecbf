import { certificateAuthority, clientCertificate, kubeconfig } from './kubelet-files';
import { Call } from '../../typescript/expression';
import { Flag, isOn, lastFlag } from '../command-line';
import { Translation } from '../translation';
import { Values } from '../values';

/** Flags that say how kubelets are asked, in the order in which metrics-server decides. */
export const ACCESS_FLAGS = ['deprecated-kubelet-completely-insecure', 'kubelet-insecure-tls', 'kubeconfig', 'kubelet-client-certificate', 'kubelet-client-key',
  'kubelet-certificate-authority'];

/** Which of them each kind of access says. */
const SAYS: Readonly<Record<string, readonly string[]>> = {
  'KubeletAccess.readOnlyPort': ['deprecated-kubelet-completely-insecure'],
  'KubeletAccess.insecureSkipTlsVerify': ['kubelet-insecure-tls'],
  'KubeletAccess.kubeconfig': ['kubeconfig'],
  'KubeletAccess.clientCertificate': ['kubelet-client-certificate', 'kubelet-client-key', 'kubelet-certificate-authority'],
  'KubeletAccess.certificateAuthority': ['kubelet-certificate-authority'],
  'KubeletAccess.clusterCa': ['kubelet-certificate-authority'],
};

/** The one access that the flags come to. Those that it does not say are left. */
export function kubeletAccess(flags: readonly Flag[], values: Values, to: Translation): Call | undefined {
  const access = chosen(flags, values, to);
  const kind = access?.path ?? 'KubeletAccess';
  const given = ACCESS_FLAGS.flatMap((name) => lastFlag(flags, name) ?? []).filter(isOn);
  for (const { name, from } of given) {
    if (!SAYS[kind]?.includes(name) && !to.isLeft(from)) to.leave(from, access ? `${kind}() has no place for --${name}` : `no KubeletAccess says --${name} here`);
  }
  return access;
}

function chosen(flags: readonly Flag[], values: Values, to: Translation): Call | undefined {
  if (isOn(lastFlag(flags, 'deprecated-kubelet-completely-insecure'))) return new Call('KubeletAccess.readOnlyPort');
  if (isOn(lastFlag(flags, 'kubelet-insecure-tls'))) return new Call('KubeletAccess.insecureSkipTlsVerify');
  const config = lastFlag(flags, 'kubeconfig');
  if (config) return kubeconfig(config, values, to);
  const authority = lastFlag(flags, 'kubelet-certificate-authority');
  const certificate = lastFlag(flags, 'kubelet-client-certificate');
  if (certificate) return clientCertificate({ certificate, key: lastFlag(flags, 'kubelet-client-key'), authority }, values, to);
  return authority && certificateAuthority(authority, values, to);
}
