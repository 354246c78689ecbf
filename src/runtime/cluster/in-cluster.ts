import { join } from 'path';
import { Clock, systemClock } from '../clock';
import { caFile } from './ca-file';
import { CachedFile } from './cached-file';
import { ClusterConfig } from './cluster-config';
import { RotatingText } from './rotating-text';
import { Logger } from '../telemetry/logger';

/** The process does not run in a pod with a service account. */
export class InClusterConfigError extends Error {
  readonly name = 'InClusterConfigError';

  constructor(missing: string) {
    super(`not running in a cluster: ${missing}; outside a pod pass --kubeconfig with the path of a kubeconfig file`);
  }
}

/** What the kubelet puts into each pod: `token`, `ca.crt`, `namespace`. */
export const SERVICE_ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Configuration from what the kubelet puts into each pod. Token and CA are read again each minute: a bound token is
 * replaced well before it ends (at 80 % of an hour or more).
 *
 * @throws InClusterConfigError
 */
export function inClusterConfig(
  env: NodeJS.ProcessEnv = process.env, dir = SERVICE_ACCOUNT_DIR, clock: Clock = systemClock, logger?: Logger,
): ClusterConfig {
  const server = serverUrl(env);
  const [tokenPath, caPath] = ['token', 'ca.crt'].map((name) => join(dir, name));
  const token = new CachedFile(tokenPath, clock);
  const ca = caFile({ path: caPath, clock, logger });
  required(tokenPath, token);
  required(caPath, ca);
  return {
    server,
    insecureSkipTlsVerify: false,
    namespace: optional(new CachedFile(join(dir, 'namespace'), clock)),
    certificateAuthority: () => ca.read(),
    credentials: async () => ({ bearerToken: token.read().trim() }),
    invalidate: () => token.invalidate(),
  };
}

function serverUrl(env: NodeJS.ProcessEnv): URL {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) {
    const unset = [!host && 'KUBERNETES_SERVICE_HOST', !port && 'KUBERNETES_SERVICE_PORT'].filter(Boolean).join(' and ');
    throw new InClusterConfigError(`${unset} not set`);
  }
  const text = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(text)) throw new InClusterConfigError(`KUBERNETES_SERVICE_HOST '${host}' and KUBERNETES_SERVICE_PORT '${port}' give no address`);
  return new URL(text);
}

function required(path: string, file: RotatingText): void {
  try {
    file.read();
  } catch (error) {
    throw new InClusterConfigError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
  }
}

function optional(file: CachedFile): string | undefined {
  try {
    return file.read().trim();
  } catch {
    return undefined;
  }
}
