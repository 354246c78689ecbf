import { Construct } from 'constructs';
import { ServingCertificateKind } from './_facts/images';
import { RIGHTS } from './_facts/rights';
import { namespaced } from './_k8s';
import { role, roleBinding } from './_rbac';
import { ServingCertificateParts, ServingCertificateTarget } from './_serving-certificate';

/** How the API server is served over TLS, and how kube-apiserver verifies it. */
export abstract class ServingCertificate {
  /**
   * The server makes a CA and a serving certificate for its Service, keeps both in a Secret, and writes the CA into its APIServices.
   *
   * The Secret is synthesized without data and the APIServices without `caBundle`, so that GitOps tools see no drift. The server may
   * write that one Secret and those APIServices, and may not create any. For the companion image, and for servers built with this
   * package's runtime.
   */
  public static selfManaged(): ServingCertificate {
    return new SelfManaged();
  }

  /**
   * The server signs a certificate for itself that kube-apiserver does not verify: whoever can answer in the Service's place can read and
   * forge what is served. What metrics-server's own manifests do.
   *
   * kube-apiserver refuses this while an APIService still has a `caBundle`. The companion image removes the one that it wrote itself, so that
   * the next apply goes through.
   */
  public static insecureSkipTlsVerify(): ServingCertificate {
    return new InsecureSkipTlsVerify();
  }

  /** @internal */
  public abstract readonly _kind: ServingCertificateKind;

  protected constructor() {}

  /** @internal */
  public abstract _bind(scope: Construct, target: ServingCertificateTarget): ServingCertificateParts;
}

class SelfManaged extends ServingCertificate {
  public readonly _kind = 'selfManaged';

  constructor() {
    super();
  }

  public _bind(scope: Construct, target: ServingCertificateTarget): ServingCertificateParts {
    const { name, namespace, labels, serviceAccount, apiServiceNames } = target;
    const secretName = `${name}-serving-certificate`;
    const metadata = { name: secretName, namespace, labels };
    return {
      args: [
        `--self-managed-cert-secret=${namespace}/${secretName}`,
        `--self-managed-cert-service=${namespace}/${name}`,
      ],
      clusterRules: RIGHTS.caBundle(apiServiceNames),
      insecureSkipTlsVerify: false,
      // Neither data nor stringData, not even empty: the server owns them.
      secret: namespaced(scope, 'ServingCertificateSecret', { apiVersion: 'v1', kind: 'Secret' }, metadata, { type: 'Opaque' }),
      role: role(scope, 'ServingCertificateRole', metadata, RIGHTS.servingCertificateSecret(secretName)),
      roleBinding: roleBinding(scope, 'ServingCertificateRoleBinding', metadata, secretName, serviceAccount),
    };
  }
}

class InsecureSkipTlsVerify extends ServingCertificate {
  public readonly _kind = 'insecureSkipTlsVerify';

  constructor() {
    super();
  }

  public _bind(_scope: Construct, target: ServingCertificateTarget): ServingCertificateParts {
    const { name, namespace, certDir, removesOwnCaBundle, apiServiceNames } = target;
    return {
      args: [
        ...certDir === undefined ? [] : [`--cert-dir=${certDir}`],
        ...removesOwnCaBundle ? [`--remove-ca-bundle-of-service=${namespace}/${name}`] : [],
      ],
      clusterRules: removesOwnCaBundle ? RIGHTS.caBundle(apiServiceNames) : [],
      insecureSkipTlsVerify: true,
    };
  }
}
