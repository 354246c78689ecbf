import { IConstruct } from 'constructs';
import { meantResource } from '../_facts/well-known-resources';
import { refuse } from '../validation/_validation';

/** A kind of object that metrics may be of. */
export class DescribedResource {
  /** Deployments. */
  public static deployment(): DescribedResource {
    return new DescribedResource('apps/v1', 'Deployment', 'deployments', true);
  }

  /** Ingresses. */
  public static ingress(): DescribedResource {
    return new DescribedResource('networking.k8s.io/v1', 'Ingress', 'ingresses', true);
  }

  /** Namespaces. An autoscaler is told the value of its own one, whichever it names. */
  public static namespace(): DescribedResource {
    return new DescribedResource('v1', 'Namespace', 'namespaces', false);
  }

  /** Services. */
  public static service(): DescribedResource {
    return new DescribedResource('v1', 'Service', 'services', true);
  }

  /** StatefulSets. */
  public static statefulSet(): DescribedResource {
    return new DescribedResource('apps/v1', 'StatefulSet', 'statefulsets', true);
  }

  /**
   * Any other kind. What a metric is of has a namespace: autoscalers cannot ask for those that have none.
   *
   * @param apiVersion API version, such as `kafka.strimzi.io/v1beta2`
   * @param kind Kind, such as `KafkaTopic`
   * @param resource Name in URLs, in the plural, such as `kafkatopics`
   */
  public static of(apiVersion: string, kind: string, resource: string): DescribedResource {
    return new DescribedResource(apiVersion, kind, resource);
  }

  private constructor(
    /** @internal */
    public readonly _apiVersion: string,
    /** @internal */
    public readonly _kind: string,
    /** @internal */
    public readonly _resource: string,
    /** @internal Whether it has a namespace, where that is known. */
    public readonly _isNamespaced?: boolean,
  ) {}

  /** @internal Empty for the core group. */
  public get _group(): string {
    return this._apiVersion.includes('/') ? this._apiVersion.split('/')[0] : '';
  }

  /** @internal As custom metrics call it. */
  public get _groupResource(): string {
    return this._group === '' ? this._resource : `${this._resource}.${this._group}`;
  }

  /** @internal */
  public get _isNamespace(): boolean {
    return this._groupResource === 'namespaces';
  }

  /** @internal */
  public _check(scope: IConstruct, property: string): void {
    const rows = [
      ['apiVersion', this._apiVersion, /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?v[a-z0-9]+$/, 'a version, behind its group and / but for the core group', 'networking.k8s.io/v1'],
      ['kind', this._kind, /^[A-Z][A-Za-z0-9]{0,62}$/, 'a kind as manifests have it', 'Ingress'],
      ['resource', this._resource, /^[a-z][a-z0-9]{0,62}$/, 'the plural in lower case, as kubectl api-resources shows it', 'ingresses'],
    ] as const;
    for (const [parameter, given, pattern, allowed, example] of rows) {
      if (typeof given !== 'string' || !pattern.test(given)) refuse(scope, { property: `${property}.${parameter}`, given, allowed, mend: `write it as in ${example}` });
    }
    const meant = meantResource(this._groupResource);
    if (meant !== undefined) refuse(scope, { property: `${property}.resource`, given: this._groupResource, allowed: `${rows[2][3]}, in its API group`, mend: `name ${meant}` });
  }
}
