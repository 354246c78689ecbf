/** Amounts of what a container may use. */
export interface ResourceQuantities {
  /**
   * CPU in cores, as a Kubernetes quantity: `100m` is a tenth of a core.
   *
   * @default - none
   */
  readonly cpu?: string;
  /**
   * Memory in bytes, as a Kubernetes quantity: `200Mi` is 200 × 1024 × 1024 bytes.
   *
   * @default - none
   */
  readonly memory?: string;
  /**
   * Local storage in bytes that is lost with the pod, as a Kubernetes quantity: what the container writes outside of volumes, and its logs.
   * What `emptyDir` volumes hold counts against the pod as a whole.
   *
   * @default - none
   */
  readonly ephemeralStorage?: string;
}

/** What a container asks for, and what it may not exceed. */
export interface ContainerResources {
  /**
   * What the scheduler sets aside.
   *
   * @default - none
   */
  readonly requests?: ResourceQuantities;
  /**
   * What the container may not exceed: CPU is throttled, memory beyond it ends the container, local storage beyond it
   * evicts the pod. At least the request.
   *
   * @default - none
   */
  readonly limits?: ResourceQuantities;
}
