import { IConstruct } from 'constructs';
import { SourceFile } from './_source-file';
import { pathOf } from './_source-volume';
import { IConfigMapRef, ISecretRef } from '../kubernetes/references';

/** Where a kubelet puts what a pod's ServiceAccount has. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** CA certificates, in PEM, that a source's certificate is verified against. */
export class SourceCa {
  /**
   * CA certificates in a ConfigMap.
   *
   * @param configMap ConfigMap, in the adapter's namespace
   * @param key Key of the ConfigMap's data, `ca.crt` if left out
   */
  public static configMap(configMap: IConfigMapRef, key: string = 'ca.crt'): SourceCa {
    return new SourceCa(new SourceFile('configMap', configMap, key));
  }

  /**
   * CA certificates in a Secret, of which the adapter sees this key alone, not a private key beside it.
   *
   * @param secret Secret, in the adapter's namespace
   * @param key Key of the Secret's data, `ca.crt` if left out
   */
  public static secret(secret: ISecretRef, key: string = 'ca.crt'): SourceCa {
    return new SourceCa(new SourceFile('secret', secret, key));
  }

  /** The CA of the cluster, as every pod has it. */
  public static cluster(): SourceCa {
    return new SourceCa(undefined, `${SERVICE_ACCOUNT}/ca.crt`);
  }

  /** The CA that signs the certificates of Services in OpenShift, which gives it to every pod. */
  public static openShiftService(): SourceCa {
    return new SourceCa(undefined, `${SERVICE_ACCOUNT}/service-ca.crt`);
  }

  private constructor(
    /** @internal */
    public readonly _file?: SourceFile,
    private readonly path?: string,
  ) {}

  /** @internal Where the adapter finds it. */
  public get _path(): string {
    return this._file ? pathOf(this._file) : this.path!;
  }

  /** @internal */
  public _check(scope: IConstruct, property: string, namespace: string): void {
    this._file?.check(scope, property, namespace);
  }
}
