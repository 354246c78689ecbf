import { RIGHTS } from '../_facts/rights';
import { ServingCertificateBinding } from '../_serving-certificate';

export const insecureCertificate: ServingCertificateBinding = (_scope, { name, namespace, certDir, removesOwnCaBundle, apiServiceNames }) => ({
  args: [
    ...certDir === undefined ? [] : [`--cert-dir=${certDir}`],
    ...removesOwnCaBundle ? [`--remove-ca-bundle-of-service=${namespace}/${name}`] : [],
  ],
  clusterRules: removesOwnCaBundle ? RIGHTS.caBundle(apiServiceNames) : [],
  insecureSkipTlsVerify: true,
});
