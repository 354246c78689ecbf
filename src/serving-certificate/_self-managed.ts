import { ServingCertificateBinding } from './_serving-certificate';
import { RIGHTS } from '../_facts/rights';
import { namespaced } from '../kubernetes/_k8s';
import { role, roleBinding } from '../rbac/_rbac';

export const selfManagedCertificate: ServingCertificateBinding = (scope, target) => {
  const { name, namespace, labels, serviceAccount, rbac } = target;
  const secretName = `${name}-serving-certificate`;
  const metadata = { name: secretName, namespace, labels };
  return {
    args: [
      `--self-managed-cert-secret=${namespace}/${secretName}`,
      `--self-managed-cert-service=${namespace}/${name}`,
    ],
    apiServiceRules: RIGHTS.caBundle,
    caSecret: { name: secretName, key: 'ca.crt' },
    // Neither data nor stringData, not even empty: the server owns them.
    secret: namespaced(scope, 'ServingCertificateSecret', { apiVersion: 'v1', kind: 'Secret' }, metadata, { type: 'Opaque' }),
    role: rbac ? role(scope, 'ServingCertificateRole', metadata, RIGHTS.servingCertificateSecret(secretName)) : undefined,
    roleBinding: rbac ? roleBinding(scope, 'ServingCertificateRoleBinding', metadata, secretName, serviceAccount) : undefined,
  };
};
