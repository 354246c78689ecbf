import { ClusterObjects, GroupResource, ResourceMapping } from '../../custom-metrics/objects';
import { ResourceAssociation } from '../configuration/resource-association';

/** Which label stands for which resource, in both directions, as one rule says it. */
export class ResourceLabels {
  private readonly known = new Map<string, ResourceMapping | undefined>();

  constructor(private readonly association: ResourceAssociation, private readonly objects: ClusterObjects) {}

  /** The resource that a label of a series names; undefined when it names none that the cluster has. */
  async resourceOf(label: string, signal: AbortSignal): Promise<ResourceMapping | undefined> {
    if (!this.known.has(label)) this.known.set(label, await this.find(label, signal));
    return this.known.get(label);
  }

  /** The label of a resource in plural; undefined when the rule has none for it. */
  async labelOf(resource: GroupResource, signal: AbortSignal): Promise<string | undefined> {
    const { overrides, labels } = this.association;
    for (const label of overrides.keys()) {
      const mapping = await this.resourceOf(label, signal);
      if (mapping && isSame(mapping.groupResource, resource)) return label;
    }
    const mapping = labels && await this.objects.mapping(resource, signal);
    return mapping && labels.template.render({ Group: resource.group.replace(/[.-]/g, '_'), Resource: mapping.singular });
  }

  private async find(label: string, signal: AbortSignal): Promise<ResourceMapping | undefined> {
    const { overrides, labels } = this.association;
    const override = overrides.get(label);
    if (override) return this.objects.mapping(override, signal);
    const match = labels?.pattern.match(label);
    if (!labels || !match) return undefined;
    const { groupNames } = labels.pattern;
    const part = (name: string) => match[groupNames.indexOf(name)] ?? '';
    return this.objects.mapping({ group: part('group'), resource: part('resource') }, signal);
  }
}

function isSame(one: GroupResource, other: GroupResource): boolean {
  return one.group === other.group && one.resource === other.resource;
}
