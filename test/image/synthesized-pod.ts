import { Chart, Testing } from 'cdk8s';
import { MetricsServer } from '../../src';

/** The container of the synthesized Deployment, as far as running it needs it. */
export interface Container {
  readonly args: readonly string[];
  readonly securityContext: Readonly<Record<string, any>>;
  readonly resources: { readonly requests: { readonly memory: string } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly emptyDir?: object }[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: unknown;
}

/** The pod of the default chart. */
export function synthesizedPod(): PodSpec {
  const chart = new Chart(Testing.app(), 'chart');
  new MetricsServer(chart, 'metrics-server');
  return Testing.synth(chart).find(({ kind }) => kind === 'Deployment').spec.template.spec;
}

/** What podman is told so that a container gets from it what it gets from the kubelet. */
export function podmanOptions({ containers: [container], volumes }: PodSpec): string[] {
  return [
    ...Object.entries(container.securityContext).flatMap(([key, value]) => securityOptions(key, value)),
    ...container.volumeMounts.flatMap(({ name, mountPath }) => {
      if (!volumes.find((volume) => volume.name === name)?.emptyDir) throw new Error(`volume ${name} is no emptyDir`);
      return ['--mount', `type=tmpfs,destination=${mountPath},tmpfs-mode=0777`];
    }),
    // What the pod asks for is all it gets here.
    ...['--memory', '--memory-swap'].map((option) => `${option}=${container.resources.requests.memory.replace(/i$/, '')}`),
  ];
}

function securityOptions(key: string, value: any): string[] {
  switch (`${key}: ${JSON.stringify(value)}`) {
    case 'allowPrivilegeEscalation: false': return ['--security-opt=no-new-privileges'];
    case 'capabilities: {"drop":["ALL"]}': return ['--cap-drop=all'];
    case 'readOnlyRootFilesystem: true': return ['--read-only', '--read-only-tmpfs=false'];
    // The kubelet refuses UID 0; podman's own profile is what a container runtime's default is.
    case 'runAsNonRoot: true':
    case 'seccompProfile: {"type":"RuntimeDefault"}': return [];
    case `runAsUser: ${value}`: return [`--user=${value}`];
    default: throw new Error(`no option of podman is known for ${key}: ${JSON.stringify(value)}`);
  }
}
