import { Construct } from 'constructs';
import { mountedSecret } from './_secret';
import { CertManagerObjects, ServingCertificateBinding, ServingCertificateTarget } from './_serving-certificate';
import { CA_DURATION, CA_RENEW_BEFORE, checkCertManagerOptions } from './_serving-certificate-checks';
import { CertManagerOptions } from './serving-certificate-options';
import { goDurationInHours } from '../kubernetes/_go-duration';
import { namespaced } from '../kubernetes/_k8s';

const API_VERSION = 'cert-manager.io/v1';
const CERTIFICATE = { apiVersion: API_VERSION, kind: 'Certificate' };
const ISSUER = { apiVersion: API_VERSION, kind: 'Issuer' };

/** Small keys and quick handshakes; whatever serves here verifies P-256. */
const PRIVATE_KEY = { algorithm: 'ECDSA', size: 256 };

/** What an issuer is called in the spec of a Certificate. */
interface IssuerName {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
}

export function certManager(options: CertManagerOptions): ServingCertificateBinding {
  return (scope, target) => {
    checkCertManagerOptions(scope, 'servingCertificate', options);
    const { issuer, injectorAnnotations = true } = options;
    const ca = issuer ? undefined : certificateAuthority(scope, target);
    const { name, kind, group } = issuer ?? ca!.issuer;
    const certificate = servingCertificate(scope, target, options, { name, kind, group });
    return {
      ...mountedSecret(certificate.name),
      caSecret: { name: certificate.name, key: 'ca.crt' },
      apiServiceAnnotations: injectorAnnotations ? { 'cert-manager.io/inject-ca-from': `${target.namespace}/${certificate.name}` } : undefined,
      certManager: { certificate, ...ca?.objects },
    };
  };
}

function servingCertificate(scope: Construct, target: ServingCertificateTarget, options: CertManagerOptions, issuerRef: IssuerName) {
  const { namespace, labels } = target;
  const { duration, renewBefore, clusterDomain = 'cluster.local', annotations } = options;
  const name = `${target.name}-tls`;
  const inCluster = `${target.name}.${namespace}`;
  return namespaced(scope, 'Certificate', CERTIFICATE, { name, namespace, labels: { ...labels, ...options.labels }, annotations }, {
    spec: {
      secretName: name,
      dnsNames: [inCluster, `${inCluster}.svc`, ...clusterDomain ? [`${inCluster}.svc.${clusterDomain}`] : []],
      duration: duration && goDurationInHours(duration),
      renewBefore: renewBefore && goDurationInHours(renewBefore),
      usages: ['digital signature', 'server auth'],
      // Always is cert-manager's own since v1.18; before, a key was kept for ever.
      privateKey: { ...PRIVATE_KEY, rotationPolicy: 'Always' },
      issuerRef,
    },
  });
}

/** A CA that outlives the serving certificate, so that a renewal of that changes nothing for who verifies it. */
function certificateAuthority(
  scope: Construct, { name, namespace, labels }: ServingCertificateTarget,
): { issuer: IssuerName; objects: Omit<CertManagerObjects, 'certificate'> } {
  const issuerName = (issuer: string) => ({ name: issuer, kind: 'Issuer', group: 'cert-manager.io' });
  const caName = `${name}-ca`;
  const selfSigned = { name: `${name}-self-signed`, namespace, labels };
  const metadata = { name: caName, namespace, labels };
  return {
    issuer: issuerName(caName),
    objects: {
      selfSignedIssuer: namespaced(scope, 'SelfSignedIssuer', ISSUER, selfSigned, { spec: { selfSigned: {} } }),
      caCertificate: namespaced(scope, 'CaCertificate', CERTIFICATE, metadata, {
        spec: {
          secretName: caName,
          isCA: true,
          commonName: name,
          duration: goDurationInHours(CA_DURATION),
          renewBefore: goDurationInHours(CA_RENEW_BEFORE),
          // With the same key, the renewed CA verifies what the old one signed, and the old one what the renewed one signs.
          privateKey: { ...PRIVATE_KEY, rotationPolicy: 'Never' },
          issuerRef: issuerName(selfSigned.name),
        },
      }),
      caIssuer: namespaced(scope, 'CaIssuer', ISSUER, metadata, { spec: { ca: { secretName: caName } } }),
    },
  };
}
