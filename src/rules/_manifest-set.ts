import { ContainerUse, containerUse, isNamedMetricsServer, isNanny } from './_container';
import { groupOf, isManifest, list, Manifest, matchesAll, record, sameNamespace, texts, valueAt, withoutLists } from './_manifest';

/** What runs pods: a Deployment or the like. */
export interface Workload {
  readonly object: Manifest;
  readonly namespace: unknown;
  readonly podSpec: Readonly<Record<string, unknown>>;
  readonly podLabels: Readonly<Record<string, unknown>>;
  readonly containers: readonly ContainerUse[];
  readonly replicas: number;
}

/** A role and the binding that gives it to a server. */
export interface Grant {
  readonly role: Manifest;
  readonly rules: readonly GrantedRule[];
  readonly clusterWide: boolean;
}

export interface GrantedRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly verbs: readonly string[];
  /** Path within the role, such as `rules[0]`. */
  readonly path: string;
}

/** Kinds that run pods. */
export const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

const POD_SPEC = 'spec.template.spec';

/**
 * Objects that are applied together, and how they refer to each other. Only extension API servers and what belongs to them is judged: an
 * application that happens to stand beside them is none of our business.
 */
export class ManifestSet {
  /** Objects in their order, those inside a List as well. */
  public readonly objects: readonly Manifest[];
  public readonly workloads: readonly Workload[];
  /** Workloads that an APIService leads to, or whose image is metrics-server's. */
  public readonly servers: readonly Workload[];
  /** Those of them that answer for `metrics.k8s.io`. */
  public readonly metricsServers: readonly Workload[];

  constructor(documents: readonly unknown[]) {
    this.objects = withoutLists(documents).filter(isManifest);
    this.workloads = this.ofKind(...WORKLOADS).map(workload);
    const named = this.workloads.filter(({ containers }) => containers.some(isNamedMetricsServer));
    this.metricsServers = [...new Set([...this.serving('metrics.k8s.io'), ...named])];
    this.servers = [...new Set([...this.apiServices.flatMap((api) => this.behind(api)), ...named])];
  }

  public ofKind(...kinds: string[]): Manifest[] {
    return this.objects.filter(({ kind }) => kinds.includes(kind));
  }

  public get apiServices(): Manifest[] {
    return this.ofKind('APIService').filter((object) => groupOf(object) === 'apiregistration.k8s.io');
  }

  /** Workloads that APIServices of a group lead to. */
  public serving(group: string): Workload[] {
    return [...new Set(this.apiServices.filter((api) => valueAt(api, 'spec', 'group') === group).flatMap((api) => this.behind(api)))];
  }

  /** The Service that an APIService names, where this set holds it. */
  public serviceOf(apiService: Manifest): Manifest | undefined {
    const { name, namespace } = record(valueAt(apiService, 'spec', 'service'));
    return this.ofKind('Service').find((service) => service.metadata.name === name && sameNamespace(service.metadata.namespace, namespace));
  }

  /** Services that APIServices name. */
  public get apiServiceBackends(): Manifest[] {
    return [...new Set(this.apiServices.flatMap((api) => this.serviceOf(api) ?? []))];
  }

  /** Workloads whose pods a Service selects. */
  public selectedBy(service: Manifest): Workload[] {
    const selector = record(valueAt(service, 'spec', 'selector'));
    if (Object.keys(selector).length === 0) return [];
    return this.workloads.filter(({ namespace, podLabels }) =>
      sameNamespace(namespace, service.metadata.namespace) && matchesAll(selector, podLabels));
  }

  /** Bindings that grant something to the ServiceAccounts of these workloads. */
  public bindingsOf(workloads: readonly Workload[]): Manifest[] {
    return this.ofKind('RoleBinding', 'ClusterRoleBinding').filter(({ subjects }) =>
      list(subjects).some((subject) => workloads.some((server) => isServiceAccountOf(server, subject))));
  }

  /** What the ServiceAccounts of these workloads are granted by the roles and bindings of this set. */
  public grantsOf(workloads: readonly Workload[]): Grant[] {
    return this.bindingsOf(workloads).flatMap((binding) => {
      const { kind, name } = record(binding.roleRef);
      return this.ofKind('Role', 'ClusterRole')
        .filter((role) => role.kind === kind && role.metadata.name === name
          && (role.kind === 'ClusterRole' || sameNamespace(role.metadata.namespace, binding.metadata.namespace)))
        .map((role) => ({ role, rules: grantedRules(role), clusterWide: binding.kind === 'ClusterRoleBinding' }));
    });
  }

  private behind(apiService: Manifest): Workload[] {
    const service = this.serviceOf(apiService);
    return service ? this.selectedBy(service) : [];
  }
}

/** Containers of a server that serve, not those that size it. */
export function servingContainers({ containers }: Workload): ContainerUse[] {
  return containers.filter((container) => !isNanny(container));
}

function workload(object: Manifest): Workload {
  const podSpec = record(valueAt(object, 'spec', 'template', 'spec'));
  const replicas = valueAt(object, 'spec', 'replicas');
  return {
    object,
    namespace: object.metadata.namespace,
    podSpec,
    podLabels: record(valueAt(object, 'spec', 'template', 'metadata', 'labels')),
    containers: list(podSpec.containers).map((container, i) => containerUse(container, `${POD_SPEC}.containers[${i}]`)),
    // A DaemonSet has as many as there are nodes.
    replicas: object.kind === 'DaemonSet' ? Infinity : typeof replicas === 'number' ? replicas : 1,
  };
}

function isServiceAccountOf({ podSpec, namespace }: Workload, subject: unknown): boolean {
  const { kind, name, namespace: subjectNamespace } = record(subject);
  const serviceAccount = podSpec.serviceAccountName ?? podSpec.serviceAccount ?? 'default';
  return kind === 'ServiceAccount' && name === serviceAccount && sameNamespace(namespace, subjectNamespace);
}

function grantedRules(role: Manifest): GrantedRule[] {
  return list(role.rules).map((rule, i) => {
    const { apiGroups, resources, resourceNames, verbs } = record(rule);
    return { apiGroups: texts(apiGroups), resources: texts(resources), resourceNames: texts(resourceNames), verbs: texts(verbs), path: `rules[${i}]` };
  });
}
