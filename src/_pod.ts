import { PodDefaults } from './_facts/pod';
import { Body, Container, DeploymentSpec, RESTRICTED_SECURITY_CONTEXT, Volume, VolumeMount } from './_k8s';
import { ContainerResources } from './resources';
import { Toleration } from './toleration';

/** The pod of an extension API server, before it is written as a Deployment. */
export interface Pod {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccountName: string;
  /** Whether the ServiceAccount is someone else's, who may have turned its token off, as cdk8s-plus does. */
  readonly givenServiceAccount: boolean;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly securePort: number;
  readonly resources?: ContainerResources;
  readonly priorityClassName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly affinity?: Body;
  readonly topologySpreadConstraints?: readonly Body[];
  /** Lists that may still grow until synth. */
  readonly volumes: readonly Volume[];
  readonly volumeMounts: readonly VolumeMount[];
}

export function podTemplate(pod: Pod, defaults: PodDefaults): DeploymentSpec['template'] {
  return {
    metadata: { name: defaults.namedTemplate ? pod.name : undefined, labels: pod.labels },
    spec: {
      serviceAccountName: pod.serviceAccountName,
      // The pod's word counts: without a token the server could ask neither kube-apiserver nor kubelets.
      automountServiceAccountToken: pod.givenServiceAccount ? true : undefined,
      priorityClassName: (pod.priorityClassName ?? defaults.priorityClassName) || undefined,
      nodeSelector: pod.nodeSelector ?? defaults.nodeSelector,
      affinity: pod.affinity,
      topologySpreadConstraints: pod.topologySpreadConstraints,
      tolerations: pod.tolerations?.map(wireToleration),
      containers: [container(pod, defaults)],
      volumes: pod.volumes,
    },
  };
}

function container(pod: Pod, defaults: PodDefaults): Container {
  return {
    name: pod.name,
    image: pod.image,
    imagePullPolicy: pod.imagePullPolicy ?? defaults.imagePullPolicy,
    command: pod.command,
    args: pod.args.length > 0 ? pod.args : undefined,
    ports: defaults.namedPort ? [{ name: 'https', containerPort: pod.securePort, protocol: 'TCP' }] : undefined,
    livenessProbe: defaults.probes ? { ...httpsProbe('/livez') } : undefined,
    readinessProbe: defaults.probes ? { ...httpsProbe('/readyz'), initialDelaySeconds: 20 } : undefined,
    resources: pod.resources && { ...pod.resources },
    securityContext: defaults.restricted ? RESTRICTED_SECURITY_CONTEXT : undefined,
    volumeMounts: pod.volumeMounts,
  };
}

function httpsProbe(path: string) {
  return { httpGet: { path, port: 'https', scheme: 'HTTPS' }, periodSeconds: 10, failureThreshold: 3 };
}

function wireToleration({ key, value, effect, tolerationSeconds }: Toleration) {
  return { key, operator: value === undefined ? 'Exists' : 'Equal', value, effect, tolerationSeconds };
}
