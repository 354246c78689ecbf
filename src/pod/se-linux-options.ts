/** Parts of an SELinux label. */
export interface SeLinuxOptions {
  /**
   * User.
   *
   * @default - the container runtime's
   */
  readonly user?: string;
  /**
   * Role.
   *
   * @default - the container runtime's
   */
  readonly role?: string;
  /**
   * Type, such as `container_t`.
   *
   * @default - the container runtime's
   */
  readonly type?: string;
  /**
   * Level, such as `s0:c123,c456`.
   *
   * @default - the container runtime's
   */
  readonly level?: string;
}
