import { IConstruct } from 'constructs';
import { PodDefaults } from './_facts/pod';
import { Container, DeploymentSpec, RESTRICTED_SECURITY_CONTEXT, Volume, VolumeMount } from './_k8s';
import { quantityValue } from './_quantity';
import { checkQuantity, refuse } from './_validation';
import { ContainerResources } from './resources';
import { TaintEffect, Toleration } from './toleration';

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
  /** Lists that may still grow until synth. */
  readonly volumes: readonly Volume[];
  readonly volumeMounts: readonly VolumeMount[];
}

export function podTemplate(scope: IConstruct, pod: Pod, defaults: PodDefaults): DeploymentSpec['template'] {
  return {
    metadata: { name: defaults.namedTemplate ? pod.name : undefined, labels: pod.labels },
    spec: {
      serviceAccountName: pod.serviceAccountName,
      // The pod's word counts: without a token the server could ask neither kube-apiserver nor kubelets.
      automountServiceAccountToken: pod.givenServiceAccount ? true : undefined,
      priorityClassName: pod.priorityClassName ?? defaults.priorityClassName,
      nodeSelector: pod.nodeSelector ?? defaults.nodeSelector,
      tolerations: pod.tolerations?.map((toleration, i) => wireToleration(scope, `tolerations[${i}]`, toleration)),
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

function wireToleration(scope: IConstruct, property: string, toleration: Toleration) {
  const { key, value, effect, tolerationSeconds } = toleration;
  if (value !== undefined && !key) {
    refuse(scope, { property: `${property}.value`, given: value, allowed: 'a value only beside a key', mend: 'set the key of the taint as well' });
  }
  if (effect !== undefined && !Object.values(TaintEffect).includes(effect)) {
    refuse(scope, { property: `${property}.effect`, given: effect, allowed: Object.values(TaintEffect).join(', '), mend: 'use a member of TaintEffect' });
  }
  if (tolerationSeconds !== undefined && (effect !== TaintEffect.NO_EXECUTE || !Number.isInteger(tolerationSeconds))) {
    refuse(scope, {
      property: `${property}.tolerationSeconds`,
      given: tolerationSeconds,
      allowed: 'whole seconds, only with effect NoExecute',
      mend: 'set effect to TaintEffect.NO_EXECUTE, or leave tolerationSeconds out',
    });
  }
  return { key, operator: value === undefined ? 'Exists' : 'Equal', value, effect, tolerationSeconds };
}

export function checkResources(scope: IConstruct, property: string, resources: ContainerResources | undefined): void {
  for (const name of ['cpu', 'memory'] as const) {
    const request = resources?.requests?.[name];
    const limit = resources?.limits?.[name];
    checkQuantity(scope, `${property}.requests.${name}`, request);
    checkQuantity(scope, `${property}.limits.${name}`, limit);
    if (request !== undefined && limit !== undefined && quantityValue(limit)! < quantityValue(request)!) {
      refuse(scope, {
        property: `${property}.limits.${name}`,
        given: limit,
        allowed: `${request} or more, since that is requested`,
        mend: 'raise the limit or lower the request',
      });
    }
  }
}
