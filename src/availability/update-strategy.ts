import { PercentOrAbsolute } from './percent-or-absolute';

/** How many pods may be missing or too many while new ones take over. */
export interface RollingUpdateOptions {
  /**
   * Pods that may be missing meanwhile. Not zero together with `maxSurge`.
   *
   * @default - 25%, rounded down, left to Kubernetes
   */
  readonly maxUnavailable?: PercentOrAbsolute;
  /**
   * Pods that may run beyond `replicas` meanwhile. Not zero together with `maxUnavailable`.
   *
   * @default - 25%, rounded up, left to Kubernetes
   */
  readonly maxSurge?: PercentOrAbsolute;
}

/**
 * How a Deployment replaces its pods.
 *
 * @example
 * new MetricsServer(this, 'metrics-server', {
 *   updateStrategy: UpdateStrategy.rollingUpdate({ maxSurge: PercentOrAbsolute.absolute(0), maxUnavailable: PercentOrAbsolute.absolute(1) }),
 * });
 */
export class UpdateStrategy {
  /**
   * New pods take over from old ones step by step.
   *
   * @param options How many pods may be missing or too many meanwhile
   */
  public static rollingUpdate(options: RollingUpdateOptions = {}): UpdateStrategy {
    return new UpdateStrategy('RollingUpdate', options);
  }

  /** All old pods end before new ones start. Meanwhile the API is unavailable, which breaks discovery. */
  public static recreate(): UpdateStrategy {
    return new UpdateStrategy('Recreate');
  }

  /** @internal */
  public readonly _type: string;
  /** @internal */
  public readonly _rollingUpdate?: RollingUpdateOptions;

  private constructor(type: string, rollingUpdate?: RollingUpdateOptions) {
    this._type = type;
    this._rollingUpdate = rollingUpdate;
  }
}
