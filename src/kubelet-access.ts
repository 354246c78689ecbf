import { IConstruct } from 'constructs';
import { Volume } from './_k8s';
import { checkSameNamespace, referenceTo } from './_reference-checks';
import { checkDataKey, checkObjectName } from './_validation';
import { ConfigMapRef, IConfigMapRef, ISecretRef, SecretRef } from './references';

/**
 * How the metrics server connects to kubelets and shows them who it is.
 *
 * @example
 * new MetricsServer(this, 'metrics-server', {
 *   kubeletAccess: KubeletAccess.certificateAuthority(ConfigMapRef.fromName('kubelet-serving-ca')),
 * });
 */
export class KubeletAccess {
  /**
   * TLS with the kubelets' certificates verified against the cluster's CA, and the ServiceAccount's token. Kubelets whose serving
   * certificates that CA did not sign, as kubeadm sets them up, are refused.
   */
  public static clusterCa(): KubeletAccess {
    return new KubeletAccess({ flags: [] });
  }

  /**
   * TLS with the kubelets' certificates verified against a CA of their own, and the ServiceAccount's token.
   *
   * @param configMap ConfigMap that holds the CA certificates, in PEM
   * @param key Key of the ConfigMap's data, `ca.crt` if left out
   */
  public static certificateAuthority(configMap: IConfigMapRef, key: string = 'ca.crt'): KubeletAccess {
    return new KubeletAccess({
      flags: [['kubelet-certificate-authority', `/kubelet-ca/${key}`]],
      file: {
        kind: 'configMap', object: configMap, key, mountPath: '/kubelet-ca', volume: { name: 'kubelet-ca', configMap: { name: configMap?.name } },
      },
    });
  }

  /**
   * Credentials and CA of a kubeconfig, for the API server and the kubelets alike.
   *
   * The kubeconfig's user, not the ServiceAccount, needs the rights to `list` and `watch` `nodes` and `pods`, and to `get` `nodes/metrics`.
   * What the server does for its own API stays with the ServiceAccount: authenticating and authorizing callers, and looking after its
   * certificate.
   *
   * @param secret Secret that holds the kubeconfig
   * @param key Key of the Secret's data, `kubeconfig` if left out
   */
  public static kubeconfig(secret: ISecretRef, key: string = 'kubeconfig'): KubeletAccess {
    return new KubeletAccess({
      flags: [['kubeconfig', `/kubeconfig/${key}`]],
      ownIdentity: true,
      file: {
        kind: 'secret', object: secret, key, mountPath: '/kubeconfig', volume: { name: 'kubeconfig', secret: { secretName: secret?.name } },
      },
    });
  }

  /**
   * TLS without verifying the kubelets' certificates: whoever can answer in a kubelet's place receives the ServiceAccount's token. For
   * laboratories.
   */
  public static insecureSkipTlsVerify(): KubeletAccess {
    return new KubeletAccess({ flags: [['kubelet-insecure-tls']] });
  }

  /**
   * Plain HTTP without credentials, at the kubelets' read-only port: 10255 unless `kubeletPort` says otherwise. For old clusters whose
   * kubelets still open it.
   */
  public static readOnlyPort(): KubeletAccess {
    return new KubeletAccess({ flags: [['deprecated-kubelet-completely-insecure']], readOnlyPort: 10255 });
  }

  /** @internal */
  public readonly _parts: KubeletAccessParts;

  private constructor(parts: KubeletAccessParts) {
    this._parts = parts;
  }

  /** @internal */
  public _check(scope: IConstruct, namespace: string): void {
    const { file } = this._parts;
    if (!file) return;
    FILE_REFERENCES[file.kind](scope, `kubeletAccess.${file.kind}`, file.object);
    checkSameNamespace(scope, `kubeletAccess.${file.kind}`, file.object, namespace);
    checkDataKey(scope, 'kubeletAccess.key', file.key);
  }
}

/** What may hold a file, called as the static method's parameter. */
const FILE_REFERENCES = {
  configMap: referenceTo(ConfigMapRef, checkObjectName),
  secret: referenceTo(SecretRef, checkObjectName),
};

interface KubeletAccessParts {
  readonly flags: readonly (readonly [name: string, value?: string])[];
  /** File that a flag names. */
  readonly file?: {
    readonly kind: keyof typeof FILE_REFERENCES;
    readonly object: { readonly name: string };
    readonly key: string;
    readonly mountPath: string;
    readonly volume: Volume;
  };
  /** Whether nodes and pods are listed, and kubelets asked, as someone other than the ServiceAccount. */
  readonly ownIdentity?: boolean;
  /** Port, where it is not the one that serves TLS. */
  readonly readOnlyPort?: number;
}
