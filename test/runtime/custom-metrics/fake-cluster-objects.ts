import { SourceUnavailableError } from '../../../src/runtime/custom-metrics/metric-errors';
import { ClusterObjects, GroupResource, ResourceMapping } from '../../../src/runtime/custom-metrics/objects';

function mapping(group: string, resource: string, kind: string, namespaced = true): ResourceMapping {
  return { groupResource: { group, resource }, singular: kind.toLowerCase(), namespaced, apiVersion: group === '' ? 'v1' : `${group}/v1`, kind };
}

const MAPPINGS = [
  mapping('', 'pods', 'Pod'),
  mapping('', 'services', 'Service'),
  mapping('', 'namespaces', 'Namespace', false),
  mapping('', 'nodes', 'Node', false),
  mapping('', 'persistentvolumes', 'PersistentVolume', false),
  mapping('apps', 'deployments', 'Deployment'),
  mapping('networking.k8s.io', 'ingresses', 'Ingress'),
  mapping('gateway.networking.k8s.io', 'gateways', 'Gateway'),
  mapping('cheese.io', 'brands', 'Brand', false),
];

/** A cluster that has these resources, and objects of the given names. */
export class FakeClusterObjects implements ClusterObjects {
  /** Resources, as they are asked for, of which the cluster does not say what they are. */
  readonly unanswered = new Set<string>();

  constructor(private readonly objectNames: readonly string[] = []) {}

  async names(): Promise<readonly string[]> {
    return this.objectNames;
  }

  /** Without a group, whatever group has the resource, as kubectl does. */
  async mapping({ group, resource }: GroupResource): Promise<ResourceMapping | undefined> {
    if (this.unanswered.has(resource)) throw new SourceUnavailableError(`source kubernetes: etcd is away; resource ${resource}`);
    return MAPPINGS.find(({ groupResource, singular }) => (
      (groupResource.resource === resource || singular === resource) && groupResource.group.startsWith(group)
    ));
  }
}
