import { IConstruct } from 'constructs';
import { WireVolume } from '../kubernetes/_k8s';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { ConfigMapRef, SecretRef } from '../kubernetes/references';
import { checkDataKey, checkObjectName } from '../validation/_validation';

const CHECKS = {
  configMap: referenceTo(ConfigMapRef, checkObjectName),
  secret: referenceTo(SecretRef, checkObjectName),
};

/**
 * A file of a source, which a ConfigMap or Secret holds. What else that holds, such as the private key beside a CA, the adapter does not see. The kubelet brings what
 * rotates: only of a mount with subPath it would not.
 */
export class SourceFile {
  constructor(
    private readonly kind: keyof typeof CHECKS,
    private readonly object: { readonly name: string },
    private readonly key: string,
    /** Folder of its own among the source's files. */
    public readonly folder: string,
    /** What belongs to it, in the same folder. */
    private readonly furtherKeys: readonly string[] = [],
  ) {}

  public pathIn(directory: string, key: string = this.key): string {
    return `${directory}/${this.folder}/${key}`;
  }

  public volume(name: string): WireVolume {
    const items = [this.key, ...this.furtherKeys].map((key) => ({ key, path: key }));
    return this.kind === 'secret' ? { name, secret: { secretName: this.object.name, items } } : { name, configMap: { name: this.object.name, items } };
  }

  public check(scope: IConstruct, property: string, namespace: string): void {
    CHECKS[this.kind](scope, `${property}.${this.kind}`, this.object);
    checkSameNamespace(scope, `${property}.${this.kind}`, this.object, namespace);
    checkDataKey(scope, `${property}.key`, this.key);
  }
}
