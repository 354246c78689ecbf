/**
 * An issuer of cert-manager, or of one of its external issuers, that exists already.
 *
 * @example
 * new MetricsServer(this, 'metrics-server', {
 *   servingCertificate: ServingCertificate.certManager({ issuer: IssuerRef.clusterIssuer('internal-ca') }),
 * });
 */
export class IssuerRef {
  /**
   * An Issuer, in the server's namespace.
   *
   * @param name Name of the Issuer
   */
  public static issuer(name: string): IssuerRef {
    return new IssuerRef(name, 'Issuer', 'cert-manager.io');
  }

  /**
   * A ClusterIssuer.
   *
   * @param name Name of the ClusterIssuer
   */
  public static clusterIssuer(name: string): IssuerRef {
    return new IssuerRef(name, 'ClusterIssuer', 'cert-manager.io');
  }

  /**
   * An issuer of a controller other than cert-manager's own, such as `AWSPCAClusterIssuer` of `awspca.cert-manager.io`.
   *
   * @param name Name of the issuer
   * @param kind Kind of the issuer
   * @param group API group of that kind
   */
  public static external(name: string, kind: string, group: string): IssuerRef {
    return new IssuerRef(name, kind, group);
  }

  /** Name of the issuer. */
  public readonly name: string;
  /** Kind of the issuer. */
  public readonly kind: string;
  /** API group of that kind. */
  public readonly group: string;

  private constructor(name: string, kind: string, group: string) {
    this.name = name;
    this.kind = kind;
    this.group = group;
  }
}
