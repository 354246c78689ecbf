import { Clock } from './clock';
import { CachedFile } from './cluster/cached-file';
import { ClusterConfig, CredentialSource } from './cluster/cluster-config';
import { KubeletOptions } from './flags/options';
import { KubeletClient, PooledKubeletClient } from './scrape/kubelet-client';

/** A client of kubelets as the flags want it: the cluster's identity and CA, unless they name others. */
export function kubeletClient(options: KubeletOptions, cluster: ClusterConfig, clock: Clock): KubeletClient {
  const ca = options.certificateAuthority === undefined ? undefined : new CachedFile(options.certificateAuthority, clock);
  return new PooledKubeletClient({
    clock,
    address: { preferredTypes: options.preferredAddressTypes, port: options.port, useNodeStatusPort: options.useNodeStatusPort },
    tls: options.completelyInsecure ? undefined : {
      insecureSkipVerify: options.insecureTls,
      certificateAuthority: () => ca === undefined ? cluster.certificateAuthority() : ca.read(),
    },
    credentials: credentials(options, cluster, clock),
    requestTimeoutMs: options.requestTimeoutMs,
  });
}

/** The token is sent beside a client certificate of the flags, as metrics-server does. */
function credentials({ clientCertificate, clientKey, completelyInsecure }: KubeletOptions, cluster: ClusterConfig, clock: Clock): CredentialSource {
  if (completelyInsecure) return { credentials: async () => ({}), invalidate() {} };
  if (clientCertificate === undefined || clientKey === undefined) return cluster;
  const certificate = new CachedFile(clientCertificate, clock);
  const key = new CachedFile(clientKey, clock);
  return {
    credentials: async () => ({ ...await cluster.credentials(), clientCertificate: { certificate: certificate.read(), key: key.read() } }),
    invalidate: () => cluster.invalidate(),
  };
}
