import { IConstruct } from 'constructs';
import { checkEnvValue, EnvValueKind } from './_env-checks';
import { Body } from '../kubernetes/_k8s';
import { IConfigMapRef, ISecretRef } from '../kubernetes/references';

/**
 * What a variable of the server's environment is set to.
 *
 * @example
 * new MetricsServer(this, 'metrics-server', {
 *   env: {
 *     NODE_NAME: EnvValue.fromField('spec.nodeName'),
 *     HTTPS_PROXY: EnvValue.fromConfigMap(ConfigMapRef.fromName('proxy'), 'url'),
 *   },
 * });
 */
export class EnvValue {
  /**
   * Text.
   *
   * @param text The value. Kubernetes replaces `$(NAME)` by the variable of that name if its name sorts before; `$$(NAME)` stays
   */
  public static fromText(text: string): EnvValue {
    return new EnvValue('text', { text }, { value: text });
  }

  /**
   * A key of a ConfigMap. The container does not start without it.
   *
   * @param configMap The ConfigMap, in the server's namespace
   * @param key Key in its data
   */
  public static fromConfigMap(configMap: IConfigMapRef, key: string): EnvValue {
    return new EnvValue('configMap', { configMap, key }, { valueFrom: { configMapKeyRef: { name: configMap?.name, key } } });
  }

  /**
   * A key of a Secret. The container does not start without it.
   *
   * @param secret The Secret, in the server's namespace
   * @param key Key in its data
   */
  public static fromSecret(secret: ISecretRef, key: string): EnvValue {
    return new EnvValue('secret', { secret, key }, { valueFrom: { secretKeyRef: { name: secret?.name, key } } });
  }

  /**
   * A field of the pod.
   *
   * @param fieldPath `metadata.name`, `metadata.namespace`, `metadata.uid`, `metadata.labels['KEY']`, `metadata.annotations['KEY']`, `spec.nodeName`,
   * `spec.serviceAccountName`, `status.hostIP`, `status.hostIPs`, `status.podIP` or `status.podIPs`
   */
  public static fromField(fieldPath: string): EnvValue {
    return new EnvValue('field', { fieldPath }, { valueFrom: { fieldRef: { fieldPath } } });
  }

  private readonly kind: EnvValueKind;
  private readonly given: Readonly<Record<string, unknown>>;
  private readonly wire: Body;

  private constructor(kind: EnvValueKind, given: Readonly<Record<string, unknown>>, wire: Body) {
    this.kind = kind;
    this.given = given;
    this.wire = wire;
  }

  /** @internal */
  public _check(scope: IConstruct, property: string, namespace: string): void {
    checkEnvValue(scope, property, this.kind, this.given, namespace);
  }

  /** @internal As the Kubernetes API has it, beside the name. */
  public _toWire(): Body {
    return this.wire;
  }
}
