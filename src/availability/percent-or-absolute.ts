/** A number of pods, or a share of all replicas. */
export class PercentOrAbsolute {
  /**
   * A share of the replicas. Kubernetes rounds it to whole pods, up for a disruption budget.
   *
   * @param percent Percent of the replicas, a whole number from 0 to 100 or, of `maxSurge` alone, more
   */
  public static percent(percent: number): PercentOrAbsolute {
    return new PercentOrAbsolute(percent, true);
  }

  /**
   * A number of pods.
   *
   * @param pods How many, a whole number, 0 or more
   */
  public static absolute(pods: number): PercentOrAbsolute {
    return new PercentOrAbsolute(pods, false);
  }

  /** @internal */
  public readonly _amount: number;
  /** @internal */
  public readonly _isPercent: boolean;

  private constructor(amount: number, isPercent: boolean) {
    this._amount = amount;
    this._isPercent = isPercent;
  }

  /** @internal Value in the Kubernetes API. */
  public get _wire(): number | string {
    return this._isPercent ? `${this._amount}%` : this._amount;
  }
}
