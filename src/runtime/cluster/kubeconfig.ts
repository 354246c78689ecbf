import { readFile } from 'fs/promises';
import { dirname } from 'path';
import { Clock, systemClock } from '../clock';
import { ClusterConfig } from './cluster-config';
import { KubeconfigSection } from './kubeconfig-section';
import { userCredentials } from './kubeconfig-user';

export { KubeconfigError } from './kubeconfig-section';

/**
 * Configuration from a kubeconfig file: its current context, as kubectl reads it.
 *
 * @throws KubeconfigError one line: the file, what is wrong, what mends it.
 */
export async function kubeconfigConfig(path: string, clock: Clock = systemClock): Promise<ClusterConfig> {
  const file = await parse(path, clock);
  const contextName = file.text('current-context');
  if (contextName === undefined) throw file.error('has no current-context', `set one with: kubectl --kubeconfig ${path} config use-context NAME`);
  const context = file.named('contexts', contextName, 'context');
  const cluster = file.named('clusters', context.required('cluster'), 'cluster');
  const userName = context.text('user');
  const user = userName === undefined ? undefined : file.named('users', userName, 'user');

  const insecureSkipTlsVerify = cluster.flag('insecure-skip-tls-verify');
  const ca = cluster.pem('certificate-authority');
  if (ca && insecureSkipTlsVerify) {
    throw cluster.error('has certificate-authority beside insecure-skip-tls-verify: true', 'remove one of them');
  }
  if (cluster.text('proxy-url') !== undefined) {
    throw cluster.error('has a proxy-url, and proxies are not supported', 'remove it, or reach the API server without a proxy');
  }
  const identity = userCredentials(user, cluster, clock);
  return {
    server: serverUrl(cluster),
    tlsServerName: cluster.text('tls-server-name'),
    insecureSkipTlsVerify,
    namespace: context.text('namespace'),
    certificateAuthority: () => ca?.read(),
    credentials: () => identity.credentials(),
    invalidate: () => identity.invalidate(),
  };
}

async function parse(path: string, clock: Clock): Promise<KubeconfigSection> {
  const source = { file: path, dir: dirname(path), clock };
  const root = (value: unknown) => new KubeconfigSection(source, '', value);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw root({}).error(`cannot be read (${(error as NodeJS.ErrnoException).code})`, 'check the path and its permissions');
  }
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  if (document.errors.length > 0) throw root({}).error(`is no YAML: ${document.errors[0].message.split('\n', 1)[0].replace(/:$/, '')}`, 'correct that line');
  const value: unknown = document.toJS();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw root({}).error('holds no kubeconfig', 'it must be a YAML object with kind Config');
  }
  return root(value);
}

function serverUrl(cluster: KubeconfigSection): URL {
  const server = cluster.required('server');
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw cluster.error(`has server '${server}'`, 'give an https URL such as https://10.0.0.1:6443');
  }
  return url;
}
