import { Duration } from 'cdk8s';
import { IssuerRef } from './issuer-ref';
import { Volume } from '../pod/volume';

/** Options of `ServingCertificate.certManager()`. */
export interface CertManagerOptions {
  /**
   * Issuer that signs the serving certificate. Its CA has to stand in the Secret's `ca.crt` for cert-manager's injector to find it, which ACME
   * issuers do not do.
   *
   * @default - a CA of the server's own, kept by cert-manager
   */
  readonly issuer?: IssuerRef;
  /**
   * How long the serving certificate is valid. From 1 hour on; with a CA of the server's own, which is valid for 10 years, up to 3 years.
   *
   * @default - cert-manager's own, 90 days
   */
  readonly duration?: Duration;
  /**
   * How long before its end the serving certificate is renewed. From 5 minutes on, and less than `duration`.
   *
   * @default - cert-manager's own, a third of `duration`
   */
  readonly renewBefore?: Duration;
  /**
   * Domain of the cluster's DNS, for the certificate's name `<name>.<namespace>.svc.<clusterDomain>`. Empty text leaves that name out:
   * kube-apiserver verifies `<name>.<namespace>.svc`, which is always there.
   *
   * @default cluster.local
   */
  readonly clusterDomain?: string;
  /**
   * Whether cert-manager's injector is asked to write the CA into the APIServices, by the annotation `cert-manager.io/inject-ca-from`.
   *
   * @default true
   */
  readonly injectorAnnotations?: boolean;
  /**
   * Annotations of the serving Certificate.
   *
   * @default - none
   */
  readonly annotations?: { readonly [key: string]: string };
  /**
   * Further labels of the serving Certificate.
   *
   * @default - none beside those of all objects
   */
  readonly labels?: { readonly [key: string]: string };
}

/** Options of `ServingCertificate.fromSecret()`. */
export interface SecretCertificateOptions {
  /**
   * CA certificates, in PEM, that kube-apiserver verifies the serving certificate against.
   *
   * @default - someone else writes them into the APIServices
   */
  readonly caBundle?: string;
}

/** Options of `ServingCertificate.fromFiles()`. */
export interface FileCertificateOptions {
  /** Absolute path, in the container, of the serving certificate in PEM, followed by its intermediates. */
  readonly certificate: string;
  /** Absolute path, in the container, of the certificate's private key in PEM. */
  readonly privateKey: string;
  /**
   * Volume that holds both files. It is mounted read-only at their directory, which then has to be one.
   *
   * @default - they come into the container otherwise, such as by `extraVolumes`
   */
  readonly volume?: Volume;
  /**
   * CA certificates, in PEM, that kube-apiserver verifies the serving certificate against.
   *
   * @default - someone else writes them into the APIServices
   */
  readonly caBundle?: string;
}
