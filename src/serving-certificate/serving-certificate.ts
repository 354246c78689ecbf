import { certManager } from './_cert-manager';
import { filesCertificate } from './_files';
import { insecureCertificate } from './_insecure';
import { secretCertificate } from './_secret';
import { selfManagedCertificate } from './_self-managed';
import { ServingCertificateBinding } from './_serving-certificate';
import { CertManagerOptions, FileCertificateOptions, SecretCertificateOptions } from './serving-certificate-options';
import { ServingCertificateKind } from '../_facts/images';
import { ISecretRef } from '../kubernetes/references';

/**
 * How the API server is served over TLS, and how kube-apiserver verifies it.
 *
 * @example
 * new MetricsServer(this, 'metrics-server', {
 *   image: Image.upstream('v0.9.0'),
 *   servingCertificate: ServingCertificate.certManager(),
 * });
 */
export class ServingCertificate {
  /**
   * The server makes a CA and a serving certificate for its Service, keeps both in a Secret, and writes the CA into its APIServices.
   *
   * The Secret is synthesized without data and the APIServices without `caBundle`, so that GitOps tools see no drift. The server may
   * write that one Secret and those APIServices, and may not create any. The companion image does this. Any other server has to do it itself,
   * and most cannot: those built on `k8s.io/apiserver` alone end at the first of these flags, which they do not know.
   *
   * - It gets `--self-managed-cert-secret=<namespace>/<name>-serving-certificate`, `--self-managed-cert-service=<namespace>/<name>` and
   *   `--secure-port`, and neither `--tls-cert-file` nor `--cert-dir`.
   * - It finds the Secret, or waits for it, and patches `ca.crt`, `ca.key`, `tls.crt` and `tls.key` into it: a CA, and a certificate for
   *   `<name>.<namespace>.svc` that the CA signed. It does so over the `resourceVersion` that it read, so that replicas agree on one.
   * - It serves with that certificate, and only then patches the CA into `spec.caBundle` of those APIServices that name its Service, and takes
   *   `insecureSkipTLSVerify` away.
   * - It watches all of them, and renews both certificates in time. A new CA stands beside the old one in `caBundle` until every replica serves
   *   what the new one signed.
   *
   * It may `list`, `watch` and `patch` these objects by name, and has to ask for them by `metadata.name` in a field selector.
   */
  public static selfManaged(): ServingCertificate {
    return new ServingCertificate('selfManaged', selfManagedCertificate);
  }

  /**
   * cert-manager issues and renews the serving certificate, and its injector writes the CA into the APIServices. Needs cert-manager in the
   * cluster, with both its controller and its injector.
   *
   * Without an issuer of your own, cert-manager also keeps a CA for this server: a self-signed Issuer signs it, and an Issuer with that CA signs
   * the serving certificate. So what kube-apiserver trusts stays the same when the serving certificate is renewed.
   *
   * @param options Who signs, for how long, and who tells kube-apiserver
   */
  public static certManager(options: CertManagerOptions = {}): ServingCertificate {
    return new ServingCertificate('certManager', certManager(options));
  }

  /**
   * The server serves the certificate in a Secret of type `kubernetes.io/tls` that someone else creates and renews. It has to be valid for
   * `<name>.<namespace>.svc`.
   *
   * @param secret Secret with the certificate in `tls.crt` and its key in `tls.key`, in the server's namespace
   * @param options Who kube-apiserver trusts
   */
  public static fromSecret(secret: ISecretRef, options: SecretCertificateOptions = {}): ServingCertificate {
    return new ServingCertificate('fromSecret', secretCertificate(secret, options));
  }

  /**
   * The server serves the certificate in files that someone else puts into the container, and renews. It has to be valid for
   * `<name>.<namespace>.svc`.
   *
   * @param options Where the files are, and who kube-apiserver trusts
   */
  public static fromFiles(options: FileCertificateOptions): ServingCertificate {
    return new ServingCertificate('fromFiles', filesCertificate(options));
  }

  /**
   * The server signs a certificate for itself that kube-apiserver does not verify: whoever can answer in the Service's place can read and
   * forge what is served. What metrics-server's own manifests do.
   *
   * kube-apiserver refuses this while an APIService still has a `caBundle`. The companion image removes the one that it wrote itself, so that
   * the next apply goes through.
   */
  public static insecureSkipTlsVerify(): ServingCertificate {
    return new ServingCertificate('insecureSkipTlsVerify', insecureCertificate);
  }

  /** @internal */
  public readonly _kind: ServingCertificateKind;
  /** @internal */
  public readonly _bind: ServingCertificateBinding;

  private constructor(kind: ServingCertificateKind, binding: ServingCertificateBinding) {
    this._kind = kind;
    this._bind = binding;
  }
}
