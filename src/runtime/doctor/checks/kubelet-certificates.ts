import { isIPv4 } from 'node:net';
import { Finding } from '../check';
import { Examination } from '../examination';
import { namesOf } from '../findings';
import { KubeletVisit } from '../kubelet-visits';

/** Holds also where the certificates would pass. */
export async function unverified(examination: Examination): Promise<Finding[]> {
  const { options: { kubelet: { insecureTls } } } = await examination.serverFlags();
  if (!insecureTls) return [];
  return [{
    severity: 'warning',
    saw: 'the server has --kubelet-insecure-tls: it verifies no kubelet, and gives its token to whoever answers',
    mend: 'leave --kubelet-insecure-tls out as soon as the certificates are verified',
  }];
}

/** metrics-server verifies the address that it dials and nothing else: it refuses certificates that name the node alone. */
export async function refusedByMetricsServer(examination: Examination): Promise<Finding[]> {
  const { options: { kubelet: { insecureTls } } } = await examination.serverFlags();
  const { visits = [] } = (await examination.kubelets()).object ?? {};
  const refused = visits.filter(namesNoAddress);
  if (insecureTls || refused.length === 0 || !await isMetricsServersOwn(examination)) return [];
  const [{ outcome: { address, certificateNames } }] = refused;
  return [{
    severity: 'error',
    saw: `${refused.length} of ${visits.length} kubelets: metrics-server's own image refuses the certificate: x509: cannot validate certificate for ${hostOf(address)} because it`
      + ` doesn't contain any IP SANs: ${namesOf(refused.map(({ node }) => node.name))}; it names ${certificateNames}`,
    mend: 'use the companion image, which verifies the node\'s name as well; or have the certificates name the addresses: with serverTLSBootstrap: true in the kubelets\''
      + ' configuration they do, once they are approved (`kubectl get csr`)',
  }];
}

function namesNoAddress({ outcome: { address, certificateNames, failure } }: KubeletVisit): boolean {
  const host = hostOf(address);
  const isVerified = failure === undefined || !/^(x509|tls)/.test(failure.reason);
  return isVerified && isIPv4(host) && certificateNames !== undefined && !certificateNames.includes(`IP Address:${host}`);
}

/** Without port. */
function hostOf(address = ''): string {
  return address.replace(/:\d+$/, '');
}

async function isMetricsServersOwn(examination: Examination): Promise<boolean> {
  const [pod] = (await examination.pods()).object ?? [];
  const { containers = [] } = pod?.spec ?? (await examination.deployment()).object?.spec.template.spec ?? {};
  return containers.some(({ image = '' }) => /(^|\/)metrics-server(-[a-z0-9]+)?([:@]|$)/.test(image));
}
