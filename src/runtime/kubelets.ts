import { createSecureContext } from 'node:tls';
import { Clock } from './clock';
import { ClientCertificate, ClusterConfig, CredentialSource } from './cluster/cluster-config';
import { flagCaFile, flagFile } from './flag-file';
import { KubeletOptions } from './flags/options';
import { UsageError } from './flags/usage-error';
import { KubeletClient, PooledKubeletClient } from './scrape/kubelet-client';

/**
 * A client of kubelets as the flags want it: the cluster's identity and CA, unless they name others.
 *
 * @throws UsageError when a file that a flag names cannot be used
 */
export function kubeletClient(options: KubeletOptions, cluster: ClusterConfig, clock: Clock): KubeletClient {
  const { certificateAuthority } = options;
  const ca = certificateAuthority === undefined ? undefined : flagCaFile('--kubelet-certificate-authority', certificateAuthority, clock);
  return new PooledKubeletClient({
    clock,
    address: { preferredTypes: options.preferredAddressTypes, port: options.port, useNodeStatusPort: options.useNodeStatusPort },
    source: options.source,
    tls: options.completelyInsecure ? undefined : {
      insecureSkipVerify: options.insecureTls,
      certificateAuthority: () => ca === undefined ? cluster.certificateAuthority() : ca.read(),
    },
    credentials: credentials(options, cluster, clock),
    requestTimeoutMs: options.requestTimeoutMs,
  });
}

function credentials(options: KubeletOptions, cluster: ClusterConfig, clock: Clock): CredentialSource {
  if (options.completelyInsecure) return { credentials: async () => ({}), invalidate() {} };
  const clientCertificate = clientCertificateOf(options, clock);
  if (clientCertificate === undefined) return cluster;
  return {
    // The token is sent beside a client certificate of the flags, as metrics-server does.
    credentials: async () => ({ ...await cluster.credentials(), clientCertificate: clientCertificate() }),
    invalidate: () => cluster.invalidate(),
  };
}

/** Re-read as it rotates. */
function clientCertificateOf({ clientCertificate, clientKey }: KubeletOptions, clock: Clock): (() => ClientCertificate) | undefined {
  if (clientCertificate === undefined || clientKey === undefined) return undefined;
  const certificate = flagFile('--kubelet-client-certificate', clientCertificate, clock);
  const key = flagFile('--kubelet-client-key', clientKey, clock);
  try {
    createSecureContext({ cert: certificate.read(), key: key.read() });
  } catch (error) {
    throw new UsageError([`--kubelet-client-certificate=${clientCertificate} and --kubelet-client-key=${clientKey} cannot be used`
      + ` (${(error as Error).message}); give a certificate and its key, both in PEM`]);
  }
  return () => ({ certificate: certificate.read(), key: key.read() });
}
