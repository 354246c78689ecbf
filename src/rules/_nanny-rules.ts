import { lastFlag } from './_command-line';
import { ContainerUse, imageParts, isNanny } from './_container';
import { asText, list, record, sameNamespace, text, valueAt } from './_manifest';
import { ManifestSet, Workload, WORKLOADS } from './_manifest-set';
import { Fault, Rule } from './_rule';
import { RuleLevel } from './rule-finding';
import { READS_RESOURCE_OBJECTS } from '../_facts/addon-resizer';
import { CLUSTER_VERSION_ANNOTATION, HIDES_STORAGE_OBJECTS, minorOf } from '../_facts/cluster-versions';
import { isOlder } from '../_facts/images';
import { quantityValue } from '../validation/_quantity';

/** What a nanny makes of one resource; a base that is missing means that it leaves the resource alone. */
interface Estimate {
  readonly resource: string;
  readonly base: string;
  readonly perNode: string;
}

/** A nanny where it stands. */
interface NannyUse {
  readonly workload: Workload;
  readonly nanny: ContainerUse;
  readonly estimates: readonly Estimate[];
  /** Container that it sizes; undefined where the pod has none of that name. */
  readonly target?: ContainerUse;
}

/** Estimates by flag, and by field of the NannyConfiguration, which wins. */
const RESOURCES = [
  { resource: 'cpu', flag: 'cpu', perNodeFlag: 'extra-cpu', field: 'baseCPU', perNodeField: 'cpuPerNode' },
  { resource: 'memory', flag: 'memory', perNodeFlag: 'extra-memory', field: 'baseMemory', perNodeField: 'memoryPerNode' },
] as const;

const WRITE = ['patch', 'update', '*'];

/** Rules about addon-resizer ("pod nanny") beside a container that it sizes. */
export const NANNY_RULES: readonly Rule[] = [
  {
    // addon-resizer compares the presence of keys and merges, so a key that it does not manage never goes away.
    id: 'nanny-resource-keys',
    level: RuleLevel.ERROR,
    title: 'the nanny does not manage a resource that its container sets',
    reason: 'addon-resizer sees a difference that its patch does not remove, and patches the Deployment on every look, forever.',
    mend: 'give the nanny an estimate of that resource, or remove it from the container\'s resources',
    kinds: WORKLOADS,
    check: (set) => nannies(set).flatMap(({ workload, estimates, target }) => {
      const { requests, limits } = record(target?.spec.resources);
      const managed = estimates.map(({ resource }) => resource);
      return ['requests', 'limits'].flatMap((kind) => Object.keys(record(kind === 'requests' ? requests : limits))
        .filter((resource) => !managed.includes(resource))
        .map((resource) => ({
          object: workload.object,
          path: `${target!.path}.resources.${kind}.${resource}`,
          given: valueAt(target!.spec, 'resources', kind, resource),
        })));
    }),
  },
  {
    // addon-resizer divides what is by what should be; linear estimates may count zero nodes, exponential ones never fewer than minClusterSize.
    id: 'nanny-estimate-zero',
    level: RuleLevel.ERROR,
    title: 'the nanny\'s estimate can be zero',
    reason: 'addon-resizer divides by its estimate and crashes when that is zero.',
    mend: 'raise the base, or leave the resource out so that the nanny does not manage it',
    kinds: WORKLOADS,
    check: (set) => nannies(set).flatMap(({ workload, nanny, estimates }) => estimates
      .filter(({ base, perNode }) => isZero(base) && (isZero(perNode) || fewestNodes(nanny) === 0))
      .map(({ resource, base, perNode }) => ({ object: workload.object, path: nanny.path, given: `${resource}: ${base} and ${perNode} for each node` }))),
  },
  {
    // The nanny finds its target by name; kube-up's addon of Kubernetes 1.34.4 to 1.36.0 named a Deployment that was no longer called so.
    id: 'nanny-target',
    level: RuleLevel.ERROR,
    title: 'the nanny names a Deployment or container that is not its own',
    reason: 'addon-resizer patches by name. What it does not find it never sizes; another Deployment it may not patch.',
    mend: 'set --deployment and --container to the names that stand in this object; without --container the nanny looks for pod-nanny',
    kinds: WORKLOADS,
    check: (set) => nannies(set).flatMap(({ workload, nanny, target }) => {
      const deployment = lastFlag(nanny.flags, 'deployment');
      const container = lastFlag(nanny.flags, 'container');
      return [
        ...(deployment?.value === workload.object.metadata.name ? [] : [fault(workload, nanny, deployment?.path ?? 'command', deployment?.value)]),
        ...(target ? [] : [fault(workload, nanny, container?.path ?? 'command', container?.value)]),
      ];
    }),
  },
  {
    // addon-resizer patches from 1.8.13 on, and updates before. kube-up's Role of Kubernetes 1.34.4 to 1.36.0 named a Deployment of the past.
    id: 'nanny-rights',
    level: RuleLevel.ERROR,
    title: 'the nanny\'s role does not open the Deployment that it sizes',
    reason: 'The nanny is answered 403 on every look, and the container keeps the resources that it started with.',
    mend: 'name the Deployment in resourceNames of the Role, with get and patch',
    kinds: ['Role', 'ClusterRole'],
    check: (set) => nannies(set).flatMap(({ workload }) => {
      const onDeployments = set.grantsOf([workload]).flatMap(({ role, rules }) => rules
        .filter(({ apiGroups, resources, verbs }) => apiGroups.includes('apps') && resources.includes('deployments') && verbs.some((verb) => WRITE.includes(verb)))
        .map((rule) => ({ role, rule })));
      const { name } = workload.object.metadata;
      if (onDeployments.some(({ rule: { resourceNames } }) => resourceNames.length === 0 || resourceNames.includes(name))) return [];
      return onDeployments.map(({ role, rule }) => ({ object: role, path: `${rule.path}.resourceNames`, given: rule.resourceNames }));
    }),
  },
  {
    // component-base hides a stable metric three minors after its deprecation: apiserver_storage_objects goes with 1.37; 1.8.24 reads its successor.
    id: 'nanny-metric-hidden',
    level: RuleLevel.WARNING,
    title: 'the nanny counts nodes by a metric that Kubernetes 1.37 hides',
    reason: 'addon-resizer before 1.8.24 reads apiserver_storage_objects. From Kubernetes 1.37 on it finds nothing there and silently never resizes.',
    mend: 'use addon-resizer 1.8.24, or --use-metrics=false with the right to list nodes; acknowledge it, or set clusterVersion, on older clusters',
    kinds: WORKLOADS,
    check: (set) => nannies(set).flatMap(({ workload, nanny }) => {
      const { tag = '' } = imageParts(nanny.image);
      const flag = lastFlag(nanny.flags, 'use-metrics');
      const readsOldMetric = flag?.value === 'true' && /^1\.8\.\d+$/.test(tag) && isOlder(`v${tag}`, `v${READS_RESOURCE_OBJECTS}`);
      const minor = minorOf(text(valueAt(workload.object, 'metadata', 'annotations', CLUSTER_VERSION_ANNOTATION)) ?? '');
      return readsOldMetric && (minor ?? HIDES_STORAGE_OBJECTS) >= HIDES_STORAGE_OBJECTS ? [{ object: workload.object, path: `${nanny.path}.image`, given: nanny.image }] : [];
    }),
  },
];

function fault({ object }: Workload, { path }: ContainerUse, place: string, given: unknown): Fault {
  return { object, path: `${path}.${place}`, given };
}

function nannies(set: ManifestSet): NannyUse[] {
  return set.workloads.flatMap((workload) => workload.containers.filter(isNanny).map((nanny) => {
    const name = lastFlag(nanny.flags, 'container')?.value ?? 'pod-nanny';
    const target = workload.containers.find((container) => container.name === name);
    return { workload, nanny, target, estimates: estimatesOf(set, workload, nanny) };
  }));
}

function estimatesOf(set: ManifestSet, workload: Workload, nanny: ContainerUse): Estimate[] {
  const configuration = nannyConfiguration(set, workload, nanny);
  return RESOURCES.flatMap(({ resource, flag, perNodeFlag, field, perNodeField }) => {
    const base = configuration[field] ?? text(lastFlag(nanny.flags, flag)?.value);
    const perNode = configuration[perNodeField] ?? text(lastFlag(nanny.flags, perNodeFlag)?.value) ?? '0';
    return base === undefined || base === 'MISSING' ? [] : [{ resource, base, perNode }];
  });
}

/** Fields of the NannyConfiguration in the ConfigMap at --config-dir, each on a line of its own. */
function nannyConfiguration(set: ManifestSet, { podSpec, namespace }: Workload, nanny: ContainerUse): Readonly<Record<string, string>> {
  const directory = lastFlag(nanny.flags, 'config-dir')?.value;
  const mount = list(nanny.spec.volumeMounts).map(record).find(({ mountPath }) => mountPath === directory);
  const volume = list(podSpec.volumes).map(record).find(({ name }) => name === mount?.name);
  const configMap = set.ofKind('ConfigMap').find(({ metadata }) =>
    metadata.name === valueAt(volume, 'configMap', 'name') && sameNamespace(metadata.namespace, namespace));
  const lines = asText(valueAt(configMap, 'data', 'NannyConfiguration') ?? '').matchAll(/^\s*(\w+):\s*["']?([^"'\s#]+)/gm);
  return Object.fromEntries([...lines].map(([, field, value]) => [field, value]));
}

function isZero(quantity: string): boolean {
  return quantityValue(quantity) === 0;
}

function fewestNodes({ flags }: ContainerUse): number {
  return lastFlag(flags, 'estimator')?.value === 'exponential' ? Number(lastFlag(flags, 'minClusterSize')?.value ?? 16) : 0;
}
