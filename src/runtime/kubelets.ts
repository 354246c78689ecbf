import { rootCertificates } from 'node:tls';
import { Clock } from './clock';
import { ClusterConfig, CredentialSource } from './cluster/cluster-config';
import { RotatingClientCertificate } from './cluster/rotating-client-certificate';
import { flagCa, flagFile } from './flag-file';
import { KubeletOptions } from './flags/options';
import { UsageError } from './flags/usage-error';
import { KubeletClient, PooledKubeletClient } from './scrape/kubelet-client';
import { ProxyRule, proxyRule } from './scrape/proxy-environment';
import { Logger } from './telemetry/logger';

/**
 * A client of kubelets as the flags want it: the cluster's identity and CA, unless they name others.
 *
 * @throws UsageError when a file that a flag names cannot be used
 */
export function kubeletClient(options: KubeletOptions, cluster: ClusterConfig, clock: Clock, logger: Logger, env = process.env): KubeletClient {
  return new PooledKubeletClient({
    clock,
    address: { preferredTypes: options.preferredAddressTypes, port: options.port, useNodeStatusPort: options.useNodeStatusPort },
    proxy: options.proxyFromEnvironment ? environmentProxy(env) : undefined,
    source: options.source,
    gzip: options.gzip,
    tls: options.completelyInsecure ? undefined : {
      insecureSkipVerify: options.insecureTls,
      certificateAuthority: certificateAuthority(options, cluster, clock, logger),
    },
    credentials: credentials(options, cluster, clock, logger),
    requestTimeoutMs: options.requestTimeoutMs,
  });
}

function environmentProxy(env: NodeJS.ProcessEnv): ProxyRule {
  try {
    return proxyRule(env);
  } catch (error) {
    throw new UsageError([`--kubelet-proxy-from-environment: ${(error as Error).message}`]);
  }
}

/** All that serving certificates are verified against, in one bundle, re-read as it rotates; undefined for the system's. */
function certificateAuthority(options: KubeletOptions, cluster: ClusterConfig, clock: Clock, logger: Logger): () => string | undefined {
  const { certificateAuthority: path, additionalCertificateAuthorities } = options;
  const first = path === undefined ? () => cluster.certificateAuthority() : flagCa('--kubelet-certificate-authority', path, clock, logger);
  const additional = additionalCertificateAuthorities.map((one) => flagCa('--kubelet-additional-certificate-authorities', one, clock, logger));
  if (additional.length === 0) return first;
  const system = rootCertificates.join('\n');
  const parts = () => [first() ?? system, ...additional.map((read) => read())];
  let joined = { parts: parts(), text: parts().join('\n') };
  // Asked for each request: long texts are put together only when one of them has changed.
  return () => {
    const now = parts();
    if (now.some((part, index) => part !== joined.parts[index])) joined = { parts: now, text: now.join('\n') };
    return joined.text;
  };
}

function credentials(options: KubeletOptions, cluster: ClusterConfig, clock: Clock, logger: Logger): CredentialSource {
  if (options.completelyInsecure) return { credentials: async () => ({}), invalidate() {} };
  const clientCertificate = clientCertificateOf(options, clock, logger);
  if (clientCertificate === undefined) return cluster;
  return {
    // The token is sent beside a client certificate of the flags, as metrics-server does.
    credentials: async () => ({ ...await cluster.credentials(), clientCertificate: clientCertificate.read() }),
    invalidate: () => cluster.invalidate(),
  };
}

/** Re-read as it rotates. */
function clientCertificateOf({ clientCertificate, clientKey }: KubeletOptions, clock: Clock, logger: Logger): RotatingClientCertificate | undefined {
  if (clientCertificate === undefined || clientKey === undefined) return undefined;
  const flag = '--kubelet-client-certificate';
  const certificate = flagFile(flag, clientCertificate, clock);
  const key = flagFile('--kubelet-client-key', clientKey, clock);
  const pair = new RotatingClientCertificate(certificate, key, (reason) => {
    logger.warn('Keeping the client certificate in use', { flag, path: clientCertificate, reason });
  });
  try {
    pair.read();
  } catch (error) {
    throw new UsageError([`${flag}=${clientCertificate} and --kubelet-client-key=${clientKey} cannot be used`
      + ` (${(error as Error).message}); give a certificate and its key, both in PEM`]);
  }
  return pair;
}
