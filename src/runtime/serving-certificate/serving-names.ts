import { ServingNames } from './key-pair';

/** The domain of cluster DNS where nobody says otherwise. */
const CLUSTER_DOMAIN = 'cluster.local';

/**
 * Every name under which clients reach a Service. kube-apiserver verifies `<service>.<namespace>.svc`
 * whatever the cluster's domain is; the others are for people and scrapers inside the cluster.
 */
export function serviceNames(service: { namespace: string; name: string }): ServingNames {
  const qualified = `${service.name}.${service.namespace}`;
  return {
    dnsNames: [`${qualified}.svc`, service.name, qualified, `${qualified}.svc.${CLUSTER_DOMAIN}`, 'localhost'],
    ipAddresses: ['127.0.0.1', '::1'],
  };
}

/** Names of a certificate that nobody verifies: metrics-server's, when it is given none. */
export function localNames(bindAddress: string): ServingNames {
  const unspecified = bindAddress === '0.0.0.0' || bindAddress === '::';
  return { dnsNames: ['localhost'], ipAddresses: [...new Set(['127.0.0.1', ...unspecified ? [] : [bindAddress]])] };
}
