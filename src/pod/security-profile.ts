/** Which system calls (seccomp) or accesses (AppArmor) the kernel lets a process make. */
export class SecurityProfile {
  /** The container runtime's default. */
  public static runtimeDefault(): SecurityProfile {
    return new SecurityProfile('RuntimeDefault');
  }

  /** No restriction. The restricted and the baseline Pod Security Standard refuse it. */
  public static unconfined(): SecurityProfile {
    return new SecurityProfile('Unconfined');
  }

  /**
   * A profile that is on the nodes.
   *
   * @param profile For seccomp a path below the kubelet's seccomp directory, for AppArmor the name of a loaded profile
   */
  public static localhost(profile: string): SecurityProfile {
    return new SecurityProfile('Localhost', profile);
  }

  /** @internal */
  public readonly _type: string;
  /** @internal Of `localhost()`. */
  public readonly _localhostProfile?: string;

  private constructor(type: string, localhostProfile?: string) {
    this._type = type;
    this._localhostProfile = localhostProfile;
  }

  /** @internal As the Kubernetes API has it. */
  public _toWire() {
    return { type: this._type, localhostProfile: this._localhostProfile };
  }
}
