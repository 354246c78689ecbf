/** Type of an address in a Node's status: which of a node's addresses its kubelet is asked at. */
export class NodeAddressType {
  /** Address that is reached from within the cluster. */
  public static readonly INTERNAL_IP = new NodeAddressType('InternalIP');
  /** Address that is reached from outside the cluster. */
  public static readonly EXTERNAL_IP = new NodeAddressType('ExternalIP');
  /** Host name as the kubelet reports it. Pods must be able to resolve it. */
  public static readonly HOSTNAME = new NodeAddressType('Hostname');
  /** DNS name that resolves within the cluster. */
  public static readonly INTERNAL_DNS = new NodeAddressType('InternalDNS');
  /** DNS name that resolves outside the cluster. */
  public static readonly EXTERNAL_DNS = new NodeAddressType('ExternalDNS');

  /**
   * An address type by its name in the Kubernetes API.
   *
   * The construct that takes it refuses a name that Kubernetes does not know.
   *
   * @param name `InternalIP`, `ExternalIP`, `Hostname`, `InternalDNS` or `ExternalDNS`
   */
  public static of(name: string): NodeAddressType {
    return new NodeAddressType(name);
  }

  /** Name in the Kubernetes API. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }
}
