import { IConstruct } from 'constructs';
import { checkVolume, VolumeKind } from './_volume-checks';
import { EmptyDirOptions, FilesVolumeOptions, HostPathType } from './volume-options';
import { WireVolume } from '../kubernetes/_k8s';
import { IConfigMapRef, ISecretRef } from '../kubernetes/references';

/**
 * A volume of the server's pods.
 *
 * @example
 * const metricsServer = new MetricsServer(this, 'metrics-server', {
 *   tmpVolume: Volume.emptyDir('tmp', { medium: EmptyDirMedium.MEMORY, sizeLimit: '16Mi' }),
 * });
 * metricsServer.addVolume(Volume.configMap('settings', ConfigMapRef.fromName('settings')), { mountPath: '/settings', readOnly: true });
 */
export class Volume {
  /**
   * Files from a ConfigMap.
   *
   * @param name Name of the volume
   * @param configMap The ConfigMap, in the server's namespace
   * @param options Which keys, and with which rights
   */
  public static configMap(name: string, configMap: IConfigMapRef, options?: FilesVolumeOptions): Volume {
    return new Volume(name, 'configMap', { configMap, options }, { configMap: { name: configMap?.name, ...wireFiles(options) } });
  }

  /**
   * Files from a Secret.
   *
   * @param name Name of the volume
   * @param secret The Secret, in the server's namespace
   * @param options Which keys, and with which rights
   */
  public static secret(name: string, secret: ISecretRef, options?: FilesVolumeOptions): Volume {
    return new Volume(name, 'secret', { secret, options }, { secret: { secretName: secret?.name, ...wireFiles(options) } });
  }

  /**
   * An empty directory that lives as long as the pod.
   *
   * @param name Name of the volume
   * @param options Where it is, and how big it may get
   */
  public static emptyDir(name: string, options?: EmptyDirOptions): Volume {
    return new Volume(name, 'emptyDir', { options }, { emptyDir: { ...options } });
  }

  /**
   * A file or directory of the node. The baseline Pod Security Standard refuses it.
   *
   * @param name Name of the volume
   * @param path Absolute path on the node, without `..`
   * @param type What has to be there, or is made. Default: nothing is looked at
   */
  public static hostPath(name: string, path: string, type?: HostPathType): Volume {
    return new Volume(name, 'hostPath', { path, type }, { hostPath: { path, type } });
  }

  /**
   * What a PersistentVolumeClaim is bound to.
   *
   * @param name Name of the volume
   * @param claimName Name of the claim, in the server's namespace
   * @param readOnly Whether it is mounted read-only. Default: false
   */
  public static persistentVolumeClaim(name: string, claimName: string, readOnly?: boolean): Volume {
    return new Volume(name, 'persistentVolumeClaim', { claimName, readOnly }, { persistentVolumeClaim: { claimName, readOnly } });
  }

  /**
   * Any other volume, such as `csi` or `projected`.
   *
   * @param name Name of the volume
   * @param source What the Kubernetes API has beside the name, as in `{ csi: { driver: 'example.com' } }`. It is passed on as it is
   */
  public static fromSource(name: string, source: { [key: string]: any }): Volume {
    return new Volume(name, 'source', { source }, source);
  }

  /** Name of the volume. */
  public readonly name: string;

  private readonly kind: VolumeKind;
  private readonly given: object;
  private readonly source: object;

  private constructor(name: string, kind: VolumeKind, given: object, source: object) {
    this.name = name;
    this.kind = kind;
    this.given = given;
    this.source = source;
  }

  /** @internal */
  public _check(scope: IConstruct, property: string, namespace: string): void {
    checkVolume(scope, property, this.kind, { name: this.name, ...this.given }, namespace);
  }

  /** @internal As the Kubernetes API has it. */
  public _toWire(): WireVolume {
    return { name: this.name, ...this.source };
  }
}

function wireFiles(options?: FilesVolumeOptions): object {
  const { items, ...rest } = options ?? {};
  return { ...rest, items: items && Object.entries(items).sort(([a], [b]) => a < b ? -1 : 1).map(([key, path]) => ({ key, path })) };
}
