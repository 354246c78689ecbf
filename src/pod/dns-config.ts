/** An option of the resolver, as in `resolv.conf`. */
export interface DnsOption {
  /** Name, such as `ndots`. */
  readonly name: string;
  /**
   * Value, as text.
   *
   * @default - none, for options that are switches
   */
  readonly value?: string;
}

/** What is added to the resolver's settings that follow from the pod's DNS policy. */
export interface DnsConfig {
  /**
   * IP addresses of name servers, up to 3.
   *
   * @default - those of the DNS policy
   */
  readonly nameservers?: string[];
  /**
   * Domains that short names are looked up in, up to 32 of together 2048 characters.
   *
   * @default - those of the DNS policy
   */
  readonly searches?: string[];
  /**
   * Options of the resolver.
   *
   * @default - those of the DNS policy
   */
  readonly options?: DnsOption[];
}
