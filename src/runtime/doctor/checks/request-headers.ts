import { certificatesIn } from '../../cluster/certificates-in';
import { AuthenticationSettings } from '../../server/authentication/authentication-settings';
import { AUTHENTICATION_CONFIG_MAP, settingsFromConfigMap } from '../../server/authentication/extension-apiserver-authentication';
import { Check, Finding } from '../check';
import { Seen } from '../cluster-reader';
import { Examination } from '../examination';
import { notSeen } from '../findings';
import { ConfigMap } from '../objects';

const { namespace, name } = AUTHENTICATION_CONFIG_MAP;
const CONFIG_MAP = `ConfigMap ${namespace}/${name}`;

export const REQUEST_HEADER_CA: Check = {
  id: 'requestheader-ca',
  title: 'kube-apiserver is set up for aggregation',
  meaning: `kube-apiserver publishes the \`--requestheader-…\` flags in ${CONFIG_MAP}, where extension API servers learn how to know it. Without the CA the server says`
    + ' `cluster doesn\'t provide requestheader-client-ca-file`, metrics-server ends with that, and every request through kube-apiserver is answered 401.',
  mend: 'Start kube-apiserver with `--requestheader-client-ca-file`, `--requestheader-allowed-names`, `--requestheader-username-headers=X-Remote-User`,'
    + ' `--requestheader-group-headers=X-Remote-Group`, `--requestheader-extra-headers-prefix=X-Remote-Extra-`, `--proxy-client-cert-file` and `--proxy-client-key-file`.'
    + ' kubeadm, kind, k3s and managed clusters do.',
  async run(examination) {
    const seen = await settings(examination);
    if (seen.why === 'absent') return [missingCa(`there is no ${CONFIG_MAP}`)];
    if (seen.why !== undefined) return [notSeen(CONFIG_MAP, seen)];
    const { requestHeader } = seen.object;
    if (!requestHeader) return [missingCa(`cluster doesn't provide requestheader-client-ca-file in ${CONFIG_MAP}`)];
    const headers = requestHeader.usernameHeaders;
    if (headers.length === 0) {
      return [{ severity: 'error', saw: `${CONFIG_MAP} names no requestheader-username-headers`, mend: 'start kube-apiserver with --requestheader-username-headers=X-Remote-User' }];
    }
    const ends = certificatesIn(requestHeader.clientCa).map(({ validTo }) => Date.parse(validTo));
    if (Math.max(...ends) < examination.now()) {
      return [{ severity: 'error', saw: `the request header CA in ${CONFIG_MAP} has expired`, mend: 'renew the front proxy\'s CA and certificate, and restart kube-apiserver' }];
    }
    const names = requestHeader.allowedNames.length > 0 ? requestHeader.allowedNames.join(', ') : 'any';
    return [{ severity: 'ok', saw: `${CONFIG_MAP} has a request header CA; allowed names: ${names}` }];
  },
};

export const REQUEST_HEADER_CA_SEPARATE: Check = {
  id: 'requestheader-ca-separate',
  title: 'users\' certificates cannot be taken for kube-apiserver\'s',
  meaning: 'With the same CA for users and for the front proxy, and no allowed names, whoever has a client certificate of the cluster may say to be anybody, towards every'
    + ' extension API server.',
  mend: 'Use a CA of its own for the front proxy, or set `--requestheader-allowed-names` to the common name in `--proxy-client-cert-file`.',
  async run(examination) {
    const seen = await settings(examination);
    if (seen.why !== undefined) return [notSeen(CONFIG_MAP, seen)];
    const { clientCa, requestHeader } = seen.object;
    if (!requestHeader) return [];
    const shared = sharedCas(clientCa, requestHeader.clientCa);
    if (!shared) return [{ severity: 'ok', saw: 'the request header CA signs no users\' certificates' }];
    if (requestHeader.allowedNames.length > 0) {
      return [{ severity: 'ok', saw: `the request header CA is a client CA too, and only ${requestHeader.allowedNames.join(', ')} may speak for others` }];
    }
    return [{
      severity: 'warning',
      saw: 'the request header CA is a client CA too and requestheader-allowed-names is empty: any user\'s certificate may speak for anybody',
      mend: 'set --requestheader-allowed-names of kube-apiserver, or use a CA of its own for the front proxy',
    }];
  },
};

const FLAGS_MEND = 'start kube-apiserver with --requestheader-client-ca-file=<CA of the front proxy>, --requestheader-allowed-names=<common name of its certificate>,'
  + ' --requestheader-username-headers=X-Remote-User, --requestheader-group-headers=X-Remote-Group, --requestheader-extra-headers-prefix=X-Remote-Extra-,'
  + ' --proxy-client-cert-file=<its certificate> and --proxy-client-key-file=<its key> (docs/aggregation-layer.md)';

function missingCa(saw: string): Finding {
  return { severity: 'error', saw, mend: FLAGS_MEND };
}

async function settings({ reader }: Examination): Promise<Seen<AuthenticationSettings>> {
  const configMap = await reader.get<ConfigMap>(`/api/v1/namespaces/${namespace}/configmaps/${name}`);
  if (configMap.why !== undefined) return configMap;
  try {
    return { object: settingsFromConfigMap(configMap.object.data ?? {}) };
  } catch (error) {
    return { why: 'failed', message: (error as Error).message };
  }
}

function sharedCas(clientCa: string | undefined, requestHeaderCa: string): boolean {
  if (clientCa === undefined) return false;
  const keys = (pem: string) => certificatesIn(pem).map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'der' }).toString('base64'));
  const users = new Set(keys(clientCa));
  return keys(requestHeaderCa).some((key) => users.has(key));
}
