import { IConstruct } from 'constructs';
import { referenceTo } from '../kubernetes/_reference-checks';
import { ConfigMapRef, IConfigMapRef, ISecretRef, SecretRef } from '../kubernetes/references';
import { checkDataKey, checkObjectName } from '../validation/_validation';

const checkReference = {
  configMap: referenceTo(ConfigMapRef, checkObjectName),
  secret: referenceTo(SecretRef, checkObjectName),
};

/** CA certificates, in PEM, that a scraper verifies the server's certificate against. */
export class ServingCa {
  /**
   * CA certificates in a ConfigMap.
   *
   * @param configMap ConfigMap, in the namespace of the ServiceMonitor or PodMonitor
   * @param key Key of the ConfigMap's data, `ca.crt` if left out
   */
  public static configMap(configMap: IConfigMapRef, key: string = 'ca.crt'): ServingCa {
    return new ServingCa('configMap', configMap, key);
  }

  /**
   * CA certificates in a Secret.
   *
   * @param secret Secret, in the namespace of the ServiceMonitor or PodMonitor
   * @param key Key of the Secret's data, `ca.crt` if left out
   */
  public static secret(secret: ISecretRef, key: string = 'ca.crt'): ServingCa {
    return new ServingCa('secret', secret, key);
  }

  private constructor(
    private readonly kind: keyof typeof checkReference, private readonly object: { readonly name: string }, private readonly key: string,
  ) {}

  /** @internal As the operator's tlsConfig has it. */
  public get _wire(): object {
    return { [this.kind]: { name: this.object.name, key: this.key } };
  }

  /** @internal */
  public _check(scope: IConstruct, property: string): void {
    checkReference[this.kind](scope, `${property}.${this.kind}`, this.object);
    checkDataKey(scope, `${property}.key`, this.key);
  }
}
