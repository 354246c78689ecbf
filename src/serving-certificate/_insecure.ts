import { ServingCertificateBinding } from './_serving-certificate';
import { RIGHTS } from '../_facts/rights';

export const insecureCertificate: ServingCertificateBinding = (_scope, { name, namespace, certDir, removesOwnCaBundle }) => ({
  args: [
    ...certDir === undefined ? [] : [`--cert-dir=${certDir}`],
    ...removesOwnCaBundle ? [`--remove-ca-bundle-of-service=${namespace}/${name}`] : [],
  ],
  apiServiceRules: removesOwnCaBundle ? RIGHTS.caBundle : undefined,
  insecureSkipTlsVerify: true,
});
