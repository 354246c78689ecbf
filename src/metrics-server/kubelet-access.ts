import { IConstruct } from 'constructs';
import { WireVolume } from '../kubernetes/_k8s';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { Platform } from '../kubernetes/platform';
import { ConfigMapRef, IConfigMapRef, ISecretRef, SecretRef } from '../kubernetes/references';
import { fieldsOf } from '../validation/_checks';
import { checkDataKey, checkObjectName, refuse } from '../validation/_validation';

/** Options of `KubeletAccess.clientCertificate()`. */
export interface KubeletClientCertificateOptions {
  /**
   * ConfigMap that holds, under `ca.crt`, the CA certificates that kubelets' serving certificates are verified against.
   *
   * @default - the cluster's CA
   */
  readonly certificateAuthority?: IConfigMapRef;
}

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
      flags: [['kubelet-certificate-authority', fileIn(KUBELET_CA, key)]], files: [certificateAuthorityFile(configMap, key)],
    });
  }

  /**
   * TLS with a client certificate, which says who asks where kubelets know its CA. The ServiceAccount's token is sent beside it. From v0.4.
   *
   * The certificate's user (its common name, with its organizations as groups), not the ServiceAccount, needs the right to `get`
   * `nodes/metrics`. A renewed certificate is taken over while the server runs.
   *
   * @param secret Secret of type `kubernetes.io/tls`: the certificate in `tls.crt`, its key in `tls.key`
   * @param options How kubelets' own certificates are verified
   */
  public static clientCertificate(secret: ISecretRef, options: KubeletClientCertificateOptions = {}): KubeletAccess {
    const { certificateAuthority } = options ?? {};
    return new KubeletAccess({
      flags: [
        ...certificateAuthority === undefined ? [] : [['kubelet-certificate-authority', `${KUBELET_CA}/ca.crt`] as const],
        ['kubelet-client-certificate', '/kubelet-client/tls.crt'],
        ['kubelet-client-key', '/kubelet-client/tls.key'],
      ],
      identity: { isFor: 'kubelets', means: 'clientCertificate' },
      options,
      files: [
        ...certificateAuthority === undefined ? [] : [certificateAuthorityFile(certificateAuthority, 'ca.crt', 'certificateAuthority')],
        {
          property: 'secret',
          kind: 'secret',
          object: secret,
          key: 'tls.crt',
          mountPath: '/kubelet-client',
          volume: { name: 'kubelet-client', secret: { secretName: secret?.name } },
        },
      ],
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
      flags: [['kubeconfig', fileIn('/kubeconfig', key)]],
      identity: { isFor: 'everything', means: 'kubeconfig' },
      files: [{
        property: 'secret',
        kind: 'secret',
        object: secret,
        key,
        mountPath: '/kubeconfig',
        volume: { name: 'kubeconfig', secret: { secretName: secret?.name } },
      }],
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

  /** @internal Where nobody says how: by the CA that signs kubelets' certificates on that platform. */
  public static _on(platform?: Platform): KubeletAccess {
    const { kubeletCa } = platform?._facts ?? {};
    return kubeletCa ? KubeletAccess.certificateAuthority(ConfigMapRef.fromName(kubeletCa.configMap), kubeletCa.key) : KubeletAccess.clusterCa();
  }

  /** @internal */
  public readonly _parts: KubeletAccessParts;

  private constructor(parts: KubeletAccessParts) {
    this._parts = parts;
  }

  /**
   * The same access, and the ServiceAccount is bound to Kubernetes' own ClusterRole `system:kubelet-api-admin`.
   *
   * For clusters whose kubelets authorize by it instead of by `nodes/metrics`. It holds `nodes/proxy`, by which commands can be run in every
   * container of every node: `Rules` reports it as `privileged-kubelet-rights`. Not where a client certificate or a kubeconfig says who asks
   * kubelets: there bind its user.
   */
  public bindKubeletApiAdmin(): KubeletAccess {
    return new KubeletAccess({ ...this._parts, bindsKubeletApiAdmin: true });
  }

  /** @internal */
  public _check(scope: IConstruct, namespace: string): void {
    const { files = [], options, identity, readOnlyPort, bindsKubeletApiAdmin } = this._parts;
    if (options !== undefined) checkClientCertificateOptions(scope, 'kubeletAccess', options);
    for (const { property, kind, object, key } of files) {
      FILE_REFERENCES[kind](scope, `kubeletAccess.${property}`, object);
      checkSameNamespace(scope, `kubeletAccess.${property}`, object, namespace);
      checkDataKey(scope, 'kubeletAccess.key', key);
    }
    if (bindsKubeletApiAdmin && (identity || readOnlyPort)) {
      refuse(scope, {
        property: 'kubeletAccess',
        given: `bindKubeletApiAdmin() on KubeletAccess.${identity?.means ?? 'readOnlyPort'}()`,
        allowed: 'where the ServiceAccount asks kubelets, which here it does not',
        mend: identity ? 'leave it out, and bind system:kubelet-api-admin to the user that kubelets see' : 'leave it out',
      });
    }
  }
}

const KUBELET_CA = '/kubelet-ca';

/** What is no text is refused as a key, once there is a construct to name. */
function fileIn(directory: string, key: unknown): string {
  return typeof key === 'string' ? `${directory}/${key}` : directory;
}

function certificateAuthorityFile(configMap: IConfigMapRef, key: string, property: string = 'configMap'): KubeletAccessFile {
  return {
    property, kind: 'configMap', object: configMap, key, mountPath: KUBELET_CA, volume: { name: 'kubelet-ca', configMap: { name: configMap?.name } },
  };
}

/** What may hold a file. */
const FILE_REFERENCES = {
  configMap: referenceTo(ConfigMapRef, checkObjectName),
  secret: referenceTo(SecretRef, checkObjectName),
};

const checkClientCertificateOptions = fieldsOf<KubeletClientCertificateOptions>({}, { certificateAuthority: FILE_REFERENCES.configMap });

interface KubeletAccessParts {
  readonly flags: readonly (readonly [name: string, value?: string])[];
  /** Files that flags name. */
  readonly files?: readonly KubeletAccessFile[];
  readonly options?: KubeletClientCertificateOptions;
  /** Who, other than the ServiceAccount, asks kubelets, and for everything also lists nodes and pods. */
  readonly identity?: { readonly isFor: 'kubelets' | 'everything'; readonly means: string };
  /** Port, where it is not the one that serves TLS. */
  readonly readOnlyPort?: number;
  readonly bindsKubeletApiAdmin?: true;
}

interface KubeletAccessFile {
  /** As the static method calls it. */
  readonly property: string;
  readonly kind: keyof typeof FILE_REFERENCES;
  readonly object: { readonly name: string };
  readonly key: string;
  readonly mountPath: string;
  readonly volume: WireVolume;
}
