import { resolve } from 'path';
import { Clock } from '../clock';
import { CredentialSource } from './cluster-config';
import { ExecCredentials } from './exec-credential';
import { KubeconfigSection } from './kubeconfig-section';
import { RotatingClientCertificate } from './rotating-client-certificate';
import { Logger } from '../telemetry/logger';

const EXEC_API_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const UNSUPPORTED: Readonly<Record<string, string>> = {
  'auth-provider': 'replace it by an exec credential plug-in',
  'as': 'impersonation is not supported: use credentials of the identity itself',
};

/** What a kubeconfig's user proves itself with. A plug-in is asked only when nothing else is given, as client-go does. */
export function userCredentials(user: KubeconfigSection | undefined, cluster: KubeconfigSection, clock: Clock, logger?: Logger): CredentialSource {
  if (!user) return { credentials: async () => ({}), invalidate() {} };
  for (const [field, mend] of Object.entries(UNSUPPORTED)) {
    if (user.raw()[field]) throw user.error(`has ${field}`, mend);
  }
  const clientCertificate = clientCertificateOf(user, logger);
  const tokenFile = user.file('tokenFile');
  const token = user.text('token');
  const username = user.text('username');
  const exec = user.section('exec');
  if (exec && !clientCertificate && !tokenFile && !token && !username) return execCredentials(exec, cluster, clock);

  return {
    credentials: async () => ({
      ...(clientCertificate && { clientCertificate: clientCertificate.read() }),
      ...((tokenFile || token) && { bearerToken: tokenFile ? tokenFile.read().trim() : token }),
      ...(username && { basic: { username, password: user.text('password') ?? '' } }),
    }),
    invalidate: () => {
      for (const rotating of [clientCertificate, tokenFile]) rotating?.invalidate();
    },
  };
}

function clientCertificateOf(user: KubeconfigSection, logger: Logger | undefined): RotatingClientCertificate | undefined {
  const certificate = user.pem('client-certificate');
  const key = user.pem('client-key');
  if (!certificate && !key) return undefined;
  if (!certificate || !key) throw user.error(`has a ${certificate ? 'client-certificate without client-key' : 'client-key without client-certificate'}`, 'give both');
  const pair = new RotatingClientCertificate(certificate, key, (reason) => {
    logger?.warn('Keeping the client certificate in use', { path: user.source.file, reason });
  });
  try {
    pair.read();
  } catch (error) {
    throw user.error(`has a client-certificate and a client-key that cannot be used (${(error as Error).message})`, 'give a certificate and its key, both in PEM');
  }
  return pair;
}

function execCredentials(exec: KubeconfigSection, cluster: KubeconfigSection, clock: Clock): CredentialSource {
  const apiVersion = exec.required('apiVersion');
  if (!EXEC_API_VERSIONS.includes(apiVersion)) {
    throw exec.error(`has apiVersion ${apiVersion}`, `supported are ${EXEC_API_VERSIONS.join(' and ')}`);
  }
  const mode = exec.text('interactiveMode') ?? 'IfAvailable';
  if (mode !== 'Never' && mode !== 'IfAvailable') {
    throw exec.error(`has interactiveMode ${mode}, and there is nobody to ask`, 'use a plug-in that works with Never or IfAvailable');
  }
  const args = exec.raw().args ?? [];
  if (!Array.isArray(args)) throw exec.error('has args that are no list', 'correct it');
  return new ExecCredentials({
    apiVersion,
    command: commandPath(exec),
    args: args.map(String),
    env: Object.fromEntries(exec.list('env').map((variable) => [variable.required('name'), variable.text('value') ?? ''])),
    installHint: exec.text('installHint'),
    cluster: exec.flag('provideClusterInfo') ? clusterInfo(cluster) : undefined,
  }, clock);
}

/** A bare name is looked up in PATH, anything with a slash stands relative to the kubeconfig. */
function commandPath(exec: KubeconfigSection): string {
  const command = exec.required('command');
  return command.includes('/') ? resolve(exec.source.dir, command) : command;
}

function clusterInfo(cluster: KubeconfigSection): Record<string, unknown> {
  const ca = cluster.certificateAuthority();
  const extension = cluster.list('extensions').find((item) => item.text('name') === 'client.authentication.k8s.io/exec');
  return {
    'server': cluster.required('server'),
    'tls-server-name': cluster.text('tls-server-name'),
    'insecure-skip-tls-verify': cluster.flag('insecure-skip-tls-verify') || undefined,
    'certificate-authority-data': ca && Buffer.from(ca.read()).toString('base64'),
    'config': extension?.raw().extension,
  };
}
