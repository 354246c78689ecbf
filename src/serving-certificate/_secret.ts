import { fileArgs } from './_files';
import { ServingCertificateBinding, ServingCertificateParts } from './_serving-certificate';
import { checkSecret, checkSecretOptions } from './_serving-certificate-checks';
import { SecretCertificateOptions } from './serving-certificate-options';
import { checkSameNamespace } from '../kubernetes/_reference-checks';
import { ISecretRef } from '../kubernetes/references';

const MOUNT_PATH = '/serving-certificate';

export function secretCertificate(secret: ISecretRef, options: SecretCertificateOptions): ServingCertificateBinding {
  return (scope, { namespace }) => {
    checkSecret(scope, 'servingCertificate.secret', secret);
    checkSameNamespace(scope, 'servingCertificate.secret', secret, namespace);
    checkSecretOptions(scope, 'servingCertificate', options);
    return { ...mountedSecret(secret.name), caBundle: options.caBundle };
  };
}

/** Serves what a Secret of type kubernetes.io/tls holds. */
export function mountedSecret(secretName: string): Pick<ServingCertificateParts, 'args' | 'volume'> {
  return {
    args: fileArgs(`${MOUNT_PATH}/tls.crt`, `${MOUNT_PATH}/tls.key`),
    // Mounted whole: of a volume with subPath the kubelet would not replace the files as they are renewed.
    volume: { source: { name: 'serving-certificate', secret: { secretName } }, mountPath: MOUNT_PATH },
  };
}
