/** What a container of ours does: `programs/load`. */
export interface Load {
  readonly cores: number;
  readonly memoryMiB: number;
}

/** A pod with one container for each load. */
export function loadPod(name: string, loads: Readonly<Record<string, Load>>): any {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: Object.entries(loads).map(([container, { cores, memoryMiB }]) => loading(container, `-cores=${cores}`, `-memory-mib=${memoryMiB}`)),
    },
  };
}

/** A pod that writes more into a volume than that may hold, as soon as it gets SIGUSR1. */
export function greedyPod(name: string): any {
  const pod = loadPod(name, { greedy: { cores: 0.05, memoryMiB: 8 } });
  const [container] = pod.spec.containers;
  container.command.push('-file=/data/file', '-file-mib=16');
  container.volumeMounts = [{ name: 'data', mountPath: '/data' }];
  pod.spec.volumes = [{ name: 'data', emptyDir: { sizeLimit: '4Mi' } }];
  return pod;
}

/** A pod with a container of each kind: two that run, one of which does nothing, a sidecar, an init container that is done, and one that crashes again and again. */
export function motleyPod(name: string): any {
  const pod = loadPod(name, { app: { cores: 0.05, memoryMiB: 8 } });
  pod.spec.initContainers = [loading('setup', '-help'), { ...loading('mesh', '-cores=0.05'), restartPolicy: 'Always' }];
  pod.spec.containers.push(loading('idle'), loading('broken', '-nonsense'));
  return pod;
}

function loading(name: string, ...args: readonly string[]): any {
  return { name, image: 'localhost/node-programs:1', command: ['/load', ...args] };
}
