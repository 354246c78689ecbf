import * as path from 'path';
import { Call } from '../../typescript/expression';
import { Flag } from '../command-line';
import { Translation } from '../translation';
import { Values } from '../values';

const CLUSTER_CA = '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt';

/** Where a file in the container comes from. */
interface Source {
  readonly kind: 'configMap' | 'secret';
  readonly name: string;
  readonly key: string;
}

export function certificateAuthority(flag: Flag, values: Values, to: Translation): Call | undefined {
  if (flag.value === CLUSTER_CA) return new Call('KubeletAccess.clusterCa');
  const source = sourceOf(flag, values, to, 'configMap');
  return source && new Call('KubeletAccess.certificateAuthority', new Call('ConfigMapRef.fromName', source.name), source.key === 'ca.crt' ? undefined : source.key);
}

export function kubeconfig(flag: Flag, values: Values, to: Translation): Call | undefined {
  const source = sourceOf(flag, values, to, 'secret');
  return source && new Call('KubeletAccess.kubeconfig', new Call('SecretRef.fromName', source.name), source.key === 'kubeconfig' ? undefined : source.key);
}

/** Flags that name files of a client certificate. */
interface ClientCertificate {
  readonly certificate: Flag;
  readonly key?: Flag;
  readonly authority?: Flag;
}

export function clientCertificate({ certificate, key, authority }: ClientCertificate, values: Values, to: Translation): Call | undefined {
  const source = sourceOf(certificate, values, to, 'secret', 'tls.crt');
  if (source && key && key.value !== path.posix.join(path.posix.dirname(certificate.value!), 'tls.key')) {
    to.leave(key.from, `--${key.name}=${key.value} is no tls.key beside --${certificate.name}`);
  }
  const ca = authority && authority.value !== CLUSTER_CA ? sourceOf(authority, values, to, 'configMap', 'ca.crt') : undefined;
  return source && new Call('KubeletAccess.clientCertificate', new Call('SecretRef.fromName', source.name),
    ca && { certificateAuthority: new Call('ConfigMapRef.fromName', ca.name) });
}

/** The object behind a path, found through extraVolumeMounts and extraVolumes. */
function sourceOf(flag: Flag, values: Values, to: Translation, kind: Source['kind'], key?: string): Source | undefined {
  const file = flag.value ?? '';
  const mount: any = values.list('extraVolumeMounts').find((one: any) => one?.mountPath === path.posix.dirname(file) && !one.subPath);
  const volume: any = mount && values.list('extraVolumes').find((one: any) => one?.name === mount.name);
  const name = kind === 'secret' ? volume?.secret?.secretName : volume?.configMap?.name;
  const foundKey = path.posix.basename(file);
  if (name && (key === undefined || key === foundKey)) return { kind, name, key: foundKey };
  to.leave(flag.from, `--${flag.name}=${file} is no ${key ? `${key} ` : 'file '}of a ${kind === 'secret' ? 'Secret' : 'ConfigMap'} that extraVolumes mounts whole`);
  return undefined;
}
