import { IConstruct } from 'constructs';
import { WireVolume } from '../kubernetes/_k8s';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { ConfigMapRef, SecretRef } from '../kubernetes/references';
import { checkDataKey, checkObjectName } from '../validation/_validation';

const CHECKS = {
  configMap: referenceTo(ConfigMapRef, checkObjectName),
  secret: referenceTo(SecretRef, checkObjectName),
};

/** A file of a source, which a ConfigMap or Secret holds. It is mounted whole, so that what rotates in it is seen. */
export class SourceFile {
  constructor(
    private readonly kind: keyof typeof CHECKS,
    private readonly object: { readonly name: string },
    private readonly key: string,
    /** Folder of its own among the source's files. */
    public readonly folder: string,
  ) {}

  public pathIn(directory: string): string {
    return `${directory}/${this.folder}/${this.key}`;
  }

  public volume(name: string): WireVolume {
    return this.kind === 'secret' ? { name, secret: { secretName: this.object.name } } : { name, configMap: { name: this.object.name } };
  }

  public check(scope: IConstruct, property: string, namespace: string): void {
    CHECKS[this.kind](scope, `${property}.${this.kind}`, this.object);
    checkSameNamespace(scope, `${property}.${this.kind}`, this.object, namespace);
    checkDataKey(scope, `${property}.key`, this.key);
  }
}
