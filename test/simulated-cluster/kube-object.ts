/** An object as the Kubernetes API writes it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: any;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly { readonly manager: string; readonly operation: string; readonly time?: string; readonly fieldsV1?: object }[];
}

/** One kind of object and where it is served. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** The kinds that the simulated API server holds. */
const RESOURCES: readonly Resource[] = [
  ...resources('', 'v1', ['ConfigMap', 'Endpoints', 'Event', 'Pod', 'Secret', 'Service', 'ServiceAccount'], ['Namespace', 'Node']),
  ...resources('apiregistration.k8s.io', 'v1', [], ['APIService']),
  ...resources('apps', 'v1', ['Deployment'], []),
  ...resources('autoscaling', 'v2', ['HorizontalPodAutoscaler'], []),
  ...resources('discovery.k8s.io', 'v1', ['EndpointSlice'], []),
  ...resources('events.k8s.io', 'v1', ['Event'], []),
  ...resources('networking.k8s.io', 'v1', ['NetworkPolicy'], []),
  ...resources('policy', 'v1', ['PodDisruptionBudget'], []),
  ...resources('rbac.authorization.k8s.io', 'v1', ['Role', 'RoleBinding'], ['ClusterRole', 'ClusterRoleBinding']),
];

export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

export function resourceOfKind(apiVersion: string, kind: string): Resource | undefined {
  return RESOURCES.find((resource) => resource.kind === kind && apiVersionOf(resource) === apiVersion);
}

export function resourceAtPath(group: string, version: string, plural: string): Resource | undefined {
  return RESOURCES.find((resource) => resource.plural === plural && resource.group === group && resource.version === version);
}

/** Versions of a group, the preferred first. */
export function versionsOf(group: string): string[] {
  return [...new Set(RESOURCES.filter((resource) => resource.group === group).map(({ version }) => version))];
}

export function resourcesOf(group: string, version: string): readonly Resource[] {
  return RESOURCES.filter((resource) => resource.group === group && resource.version === version);
}

function resources(group: string, version: string, namespacedKinds: readonly string[], clusterKinds: readonly string[]): Resource[] {
  const ofScope = (kinds: readonly string[], namespaced: boolean) =>
    kinds.map((kind) => ({ group, version, kind, namespaced, plural: pluralOf(kind) }));
  return [...ofScope(namespacedKinds, true), ...ofScope(clusterKinds, false)];
}

function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith('y')) return `${name.slice(0, -1)}ies`;
  return name.endsWith('s') ? name : `${name}s`;
}
