import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { plain } from '../validation/_plain';
import { describe, refuse } from '../validation/_validation';

/**
 * Objects are emitted with the names of the wire format, from the small interfaces below: no class of cdk8s-plus adds fields
 * that nobody asked for or drops those newer than itself.
 */
export interface ObjectMeta {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

export type Body = Readonly<Record<string, unknown>>;

/** Namespace of a metrics server's objects. */
export function namespaceOf(scope: Construct, given?: string): string {
  return given ?? Chart.of(scope).namespace ?? 'kube-system';
}

/** Namespace of the objects of a server of one's own, which nobody expects in `kube-system`. */
export function ownNamespaceOf(scope: Construct, given?: string): string {
  return given ?? Chart.of(scope).namespace ?? refuse(scope, {
    property: 'namespace',
    given: undefined,
    allowed: 'a namespace, here or of the chart',
    mend: 'set namespace to where the server runs, or give the Chart a namespace',
  });
}

export function namespaced(
  scope: Construct, id: string, type: TypeMeta, metadata: ObjectMeta & { readonly namespace: string }, body: Body = {},
): ApiObject {
  return new ApiObject(scope, id, plain({ ...type, metadata: { ...metadata }, ...body }));
}

/** An object without a namespace, also in a Chart that has one: the Chart would put it into each object's metadata. */
export function clusterScoped(scope: Construct, id: string, type: TypeMeta, metadata: ObjectMeta, body: Body = {}): ApiObject {
  const object = new ApiObject(scope, id, plain({ ...type, metadata: { ...metadata }, ...body }));
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  object.node.addValidation({
    validate: () => {
      const { namespace } = object.toJson().metadata;
      if (namespace === undefined) return [];
      return [describe({
        property: 'metadata.namespace',
        given: namespace,
        allowed: `none, since a ${type.kind} is cluster-scoped`,
        mend: 'remove the patch that adds it',
      })];
    },
  });
  return object;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly Body[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly hostPort?: number; readonly protocol: string }[];
  readonly livenessProbe?: Body;
  readonly readinessProbe?: Body;
  readonly resources?: object;
  readonly securityContext?: Body;
  readonly volumeMounts?: readonly WireVolumeMount[];
}

/** A container that someone else wrote. */
export type AnyContainer = Readonly<Record<string, any>>;

export interface WireVolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

export interface WireVolume {
  readonly name: string;
  readonly emptyDir?: Body;
  readonly secret?: { readonly secretName: string; readonly items?: readonly KeyToPath[] };
  readonly configMap?: { readonly name: string; readonly items?: readonly KeyToPath[] };
  readonly projected?: Body;
}

interface KeyToPath {
  readonly key: string;
  readonly path: string;
}

export interface DeploymentSpec {
  readonly replicas?: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly revisionHistoryLimit?: number;
  readonly strategy?: Body;
  readonly template: {
    readonly metadata: Omit<ObjectMeta, 'name'> & { readonly name?: string };
    readonly spec: PodSpec;
  };
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly priorityClassName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Body[];
  readonly affinity?: object;
  readonly topologySpreadConstraints?: readonly object[];
  readonly schedulerName?: string;
  readonly runtimeClassName?: string;
  readonly hostNetwork?: boolean;
  readonly hostUsers?: boolean;
  readonly dnsPolicy?: string;
  readonly dnsConfig?: object;
  readonly securityContext?: object;
  readonly terminationGracePeriodSeconds?: number;
  readonly initContainers?: readonly AnyContainer[];
  readonly containers: readonly (Container | AnyContainer)[];
  readonly volumes?: readonly WireVolume[];
}

export interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: 'None';
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol: string;
    readonly appProtocol?: string;
    readonly targetPort: string | number;
  }[];
}

export interface ApiServiceSpec {
  readonly group: string;
  readonly version: string;
  readonly groupPriorityMinimum: number;
  readonly versionPriority: number;
  readonly service: { readonly name: string; readonly namespace: string; readonly port?: number };
  readonly insecureSkipTLSVerify?: true;
  readonly caBundle?: string;
}

/** Name that Kubernetes demands of the APIService of a group version. */
export function apiServiceName({ group, version }: { readonly group: string; readonly version: string }): string {
  return `${version}.${group}`;
}

/** Container security context that the restricted Pod Security Standard asks for, with a read-only root. */
export const RESTRICTED_SECURITY_CONTEXT: Body = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
};
