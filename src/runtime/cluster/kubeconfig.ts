import { readFileSync } from 'fs';
import { dirname } from 'path';
import { Clock, systemClock } from '../clock';
import { ClusterConfig } from './cluster-config';
import { KubeconfigError, KubeconfigSection } from './kubeconfig-section';
import { userCredentials } from './kubeconfig-user';
import { ParsedFile } from './parsed-file';
import { Logger } from '../telemetry/logger';

export { KubeconfigError } from './kubeconfig-section';

/** How soon a kubeconfig that is written anew counts. */
const MAX_AGE_MS = 5_000;

/**
 * Configuration from a kubeconfig file: its current context, as kubectl reads it. Read again as the file changes, which client-go does
 * not; one that cannot be used never replaces the one in use.
 *
 * @throws KubeconfigError one line: the file, what is wrong, what mends it.
 */
export async function kubeconfigConfig(path: string, clock: Clock = systemClock, logger?: Logger): Promise<ClusterConfig> {
  const sectionOf = await sectionReader(clock);
  const parse = (text: string) => currentContext([sectionOf(path, text)], clock, logger);
  const file = new ParsedFile({ path, maxAgeMs: MAX_AGE_MS, parse, what: 'kubeconfig', clock, logger });
  return readable(path, clock, () => new RotatingKubeconfig(file));
}

/**
 * The same of several files, each read once, as kubectl merges those of $KUBECONFIG: the first that has a current context, or
 * something of a name, counts. `context` stands for the current one.
 */
export async function mergedKubeconfig(paths: readonly string[], context: string | undefined, clock: Clock): Promise<ClusterConfig> {
  const sectionOf = await sectionReader(clock);
  const files = paths.map((path) => readable(path, clock, () => sectionOf(path, readFileSync(path, 'utf8'))));
  return currentContext(files, clock, undefined, context);
}

async function sectionReader(clock: Clock): Promise<(path: string, text: string) => KubeconfigSection> {
  const { parseDocument } = await import('yaml');
  return (path, text) => {
    const document = parseDocument(text, { logLevel: 'error' });
    if (document.errors.length > 0) throw rootOf(path, clock).error(`is no YAML: ${document.errors[0].message.split('\n', 1)[0].replace(/:$/, '')}`, 'correct that line');
    const value: unknown = document.toJS();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw rootOf(path, clock).error('holds no kubeconfig', 'it must be a YAML object with kind Config');
    }
    return rootOf(path, clock, value);
  };
}

function rootOf(path: string, clock: Clock, value: unknown = {}): KubeconfigSection {
  return new KubeconfigSection({ file: path, dir: dirname(path), clock }, '', value);
}

function readable<T>(path: string, clock: Clock, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof KubeconfigError) throw error;
    throw rootOf(path, clock).error(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'empty'})`, 'check the path and its permissions');
  }
}

/** The file is looked at before each request, when credentials are asked for: a request uses one state of it throughout. */
class RotatingKubeconfig implements ClusterConfig {
  private current: ClusterConfig;

  constructor(private readonly file: ParsedFile<ClusterConfig>) {
    this.current = file.read();
  }

  get server() { return this.current.server; }
  get tlsServerName() { return this.current.tlsServerName; }
  get insecureSkipTlsVerify() { return this.current.insecureSkipTlsVerify; }
  get namespace() { return this.current.namespace; }

  certificateAuthority() {
    return this.current.certificateAuthority();
  }

  credentials() {
    this.current = this.file.read();
    return this.current.credentials();
  }

  invalidate(): void {
    this.file.invalidate();
    this.current.invalidate();
  }
}

function currentContext(
  files: readonly KubeconfigSection[], clock: Clock, logger: Logger | undefined,
  contextName = files.map((file) => file.text('current-context')).find((name) => name !== undefined),
): ClusterConfig {
  const [first] = files;
  if (contextName === undefined) throw first.error('has no current-context', `set one with: kubectl --kubeconfig ${first.source.file} config use-context NAME`);
  const named = (list: string, name: string, kind: string) => (
    files.find((file) => file.list(list).some((item) => item.text('name') === name)) ?? first
  ).named(list, name, kind);
  const context = named('contexts', contextName, 'context');
  const cluster = named('clusters', context.required('cluster'), 'cluster');
  const userName = context.text('user');
  const user = userName === undefined ? undefined : named('users', userName, 'user');

  const insecureSkipTlsVerify = cluster.flag('insecure-skip-tls-verify');
  const ca = cluster.certificateAuthority(logger);
  if (ca && insecureSkipTlsVerify) {
    throw cluster.error('has certificate-authority beside insecure-skip-tls-verify: true', 'remove one of them');
  }
  if (cluster.text('proxy-url') !== undefined) {
    throw cluster.error('has a proxy-url, and proxies are not supported', 'remove it, or reach the API server without a proxy');
  }
  const identity = userCredentials(user, cluster, clock, logger);
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

function serverUrl(cluster: KubeconfigSection): URL {
  const server = cluster.required('server');
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw cluster.error(`has server '${server}'`, 'give an https URL such as https://10.0.0.1:6443');
  }
  return url;
}
