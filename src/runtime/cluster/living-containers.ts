/** The fields of a core/v1 Pod that say which containers run. */
export interface WirePodState {
  readonly spec?: {
    readonly restartPolicy?: string;
    readonly containers?: readonly WireContainer[];
    readonly initContainers?: readonly WireContainer[];
  };
  readonly status?: {
    readonly containerStatuses?: readonly WireContainerStatus[];
    readonly initContainerStatuses?: readonly WireContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly WireContainerStatus[];
  };
}

interface WireContainer {
  readonly name: string;
  readonly restartPolicy?: string;
}

interface WireContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly running?: object;
    readonly waiting?: object;
    readonly terminated?: { readonly exitCode?: number };
  };
}

/**
 * Names of the containers that run or are going to: one that waits to be restarted is, one that has ended for good is not.
 * Undefined when the status says nothing of containers (virtual kubelets).
 */
export function livingContainers({ spec, status }: WirePodState): string[] | undefined {
  if (status?.containerStatuses === undefined) return undefined;
  const restartPolicies = new Map([
    ...(spec?.containers ?? []).map(({ name, restartPolicy }) => [name, restartPolicy ?? spec?.restartPolicy] as const),
    // Without a policy of its own, an init container runs once (KEP-753).
    ...(spec?.initContainers ?? []).map(({ name, restartPolicy }) => [name, restartPolicy ?? 'Never'] as const),
  ]);
  const others = [...status.containerStatuses, ...status.initContainerStatuses ?? []];
  return [
    ...others.filter(({ name, state }) => !hasEnded(state, restartPolicies.get(name))),
    ...(status.ephemeralContainerStatuses ?? []).filter(({ state }) => state?.running !== undefined),
  ].map(({ name }) => name);
}

function hasEnded(state: WireContainerStatus['state'], restartPolicy: string | undefined): boolean {
  if (state?.terminated === undefined) return false;
  return restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && state.terminated.exitCode === 0);
}
