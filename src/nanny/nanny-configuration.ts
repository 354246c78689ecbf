import { IConfigMapRef } from '../kubernetes/references';

/**
 * Where a nanny reads its estimates from.
 *
 * A nanny reads its ConfigMap once, when it starts: restart the pod after a change.
 *
 * @example
 * new MetricsServer(this, 'metrics-server').addNanny({
 *   configuration: NannyConfiguration.ensureExists('metrics-server-config'),
 * });
 */
export class NannyConfiguration {
  /** Its arguments. There is no ConfigMap. */
  public static flags(): NannyConfiguration {
    return new NannyConfiguration({});
  }

  /**
   * A ConfigMap that is synthesized with the estimates in it, as metrics-server's Helm chart has it.
   *
   * @param name Name of the ConfigMap, that of the Deployment with `-nanny-config` behind it if left out
   */
  public static configMap(name?: string): NannyConfiguration {
    return new NannyConfiguration({ name, synthesized: 'estimates' });
  }

  /**
   * A ConfigMap that is synthesized without estimates, for whoever runs the cluster to write some into it. What it says wins; the
   * estimates in the arguments hold for what it leaves out. Kubernetes' addon manager creates it when it is missing and leaves it alone
   * afterwards, for which it has the label `addonmanager.kubernetes.io/mode: EnsureExists`; so should whatever else applies it.
   *
   * @param name Name of the ConfigMap, that of the Deployment with `-nanny-config` behind it if left out
   */
  public static ensureExists(name?: string): NannyConfiguration {
    return new NannyConfiguration({ name, synthesized: 'empty' });
  }

  /**
   * A ConfigMap that exists, in the Deployment's namespace, with the key `NannyConfiguration`. What it says wins; the estimates in the
   * arguments hold for what it leaves out.
   *
   * @param configMap The ConfigMap
   */
  public static existing(configMap: IConfigMapRef): NannyConfiguration {
    return new NannyConfiguration({ configMap });
  }

  /** @internal */
  public readonly _parts: NannyConfigurationParts;

  private constructor(parts: NannyConfigurationParts) {
    this._parts = parts;
  }
}

interface NannyConfigurationParts {
  readonly name?: string;
  /** What stands in the ConfigMap that is synthesized; none is without. */
  readonly synthesized?: 'estimates' | 'empty';
  /** The one that exists. */
  readonly configMap?: IConfigMapRef;
}
