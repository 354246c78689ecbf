import { IConstruct } from 'constructs';
import { checkHasKey, checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { ConfigMapRef, SecretRef } from '../kubernetes/references';
import { checkDataKey, checkObjectName } from '../validation/_validation';

const CHECKS = {
  configMap: referenceTo(ConfigMapRef, checkObjectName),
  secret: referenceTo(SecretRef, checkObjectName),
};

/** A file of a source, which a ConfigMap or Secret holds. What else that holds, such as the private key beside a CA, the adapter does not see. */
export class SourceFile {
  constructor(public readonly kind: keyof typeof CHECKS, private readonly object: { readonly name: string }, public readonly key: string) {}

  /** Name of the ConfigMap or Secret. */
  public get objectName(): string {
    return this.object.name;
  }

  public check(scope: IConstruct, property: string, namespace: string): void {
    CHECKS[this.kind](scope, `${property}.${this.kind}`, this.object);
    checkSameNamespace(scope, `${property}.${this.kind}`, this.object, namespace);
    checkDataKey(scope, `${property}.key`, this.key);
    checkHasKey(scope, `${property}.key`, this.object, this.key);
  }
}
