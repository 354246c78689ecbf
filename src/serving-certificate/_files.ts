import { dirname } from 'path/posix';
import { ServingCertificateBinding } from './_serving-certificate';
import { checkFileOptions } from './_serving-certificate-checks';
import { FileCertificateOptions } from './serving-certificate-options';

/** Flags of k8s.io/apiserver, which watches the files and serves what they hold last; the runtime as well. */
export function fileArgs(certificate: string, privateKey: string): string[] {
  return [`--tls-cert-file=${certificate}`, `--tls-private-key-file=${privateKey}`];
}

export function filesCertificate(options: FileCertificateOptions): ServingCertificateBinding {
  return (scope, { namespace }) => {
    checkFileOptions(scope, 'servingCertificate', options);
    const { certificate, privateKey, volume, caBundle } = options;
    volume?._check(scope, 'servingCertificate.volume', namespace);
    return {
      args: fileArgs(certificate, privateKey),
      volume: volume && { source: volume._toWire(), mountPath: dirname(certificate) },
      caBundle,
    };
  };
}
