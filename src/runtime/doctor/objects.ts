/* The fields that the doctor reads, of objects as the Kubernetes API writes them. */

/** Of metrics.k8s.io, the preferred version first. */
export const API_SERVICE_NAMES = ['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io'];

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly deletionTimestamp?: string;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface ApiService {
  readonly metadata: Metadata;
  readonly spec: {
    readonly service?: { readonly namespace: string; readonly name: string; readonly port?: number };
    readonly caBundle?: string;
    readonly insecureSkipTLSVerify?: boolean;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** kube-apiserver has reached the server and read its discovery. */
export function isAvailable(apiService: ApiService | undefined): boolean {
  return hasCondition(apiService?.status, 'Available');
}

/** Where the group and version of an APIService are served, whose name is `VERSION.GROUP`. */
export function groupVersionPath(apiService: string): string {
  const [version, ...group] = apiService.split('.');
  return `/apis/${group.join('.')}/${version}`;
}

/** A condition that is true. */
export function hasCondition(status: { readonly conditions?: readonly Condition[] } | undefined, wanted: string): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === wanted && value === 'True') ?? false;
}

export interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

export interface Service {
  readonly metadata: Metadata;
  readonly spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly { readonly name?: string; readonly port: number; readonly targetPort?: number | string }[];
  };
}

export interface EndpointSlice {
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
  readonly endpoints?: readonly { readonly addresses: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[] | null;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly containers: readonly Container[];
}

export interface Deployment {
  readonly metadata: Metadata;
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }; readonly spec: PodSpec };
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Terminated {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}

export interface Pod {
  readonly metadata: Metadata;
  readonly spec: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly restartCount?: number;
      readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string }; readonly terminated?: Terminated };
      readonly lastState?: { readonly terminated?: Terminated };
    }[];
  };
}

/** An evicted pod stays as Failed until it is collected, with the flags of its revision. */
export function isAlive({ status }: Pod): boolean {
  return status?.phase !== 'Failed' && status?.phase !== 'Succeeded';
}

/** Is Ready, and not about to end. */
export function serves({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && hasCondition(status, 'Ready');
}

export interface RoleBinding {
  readonly metadata: Metadata;
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string }[];
}

export interface NodeMetrics {
  readonly metadata: Metadata;
  readonly timestamp: string;
}

export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** As messages write it. */
export function nameOf({ namespace, name }: NamespacedName): string {
  return `${namespace}/${name}`;
}
