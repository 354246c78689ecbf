import { ApiResource } from '../server/group-version';

/**
 * The resources of discovery, made anew only when there is another list to make them from. Never none: clients of Kubernetes 1.26
 * complain about empty lists, so that `placeholder` stands where nothing is listed.
 */
export class MetricResources<Info> {
  private made: { readonly from: readonly Info[]; readonly resources: readonly ApiResource[] } | undefined;

  constructor(
    private readonly list: () => readonly Info[],
    private readonly placeholder: ApiResource,
    private readonly resourceOf: (info: Info) => ApiResource,
  ) {}

  current(): readonly ApiResource[] {
    const from = this.list();
    if (this.made?.from !== from) this.made = { from, resources: this.make(from) };
    return this.made.resources;
  }

  /** The aggregator refuses all where a resource appears in two scopes, or twice: the first counts. Others are served all the same. */
  private make(infos: readonly Info[]): ApiResource[] {
    const scopes = new Map<string, boolean>();
    const byName = new Map<string, ApiResource>();
    for (const resource of infos.map(this.resourceOf)) {
      const [parent] = resource.name.split('/', 1);
      const namespaced = scopes.get(parent) ?? resource.namespaced;
      scopes.set(parent, namespaced);
      if (namespaced === resource.namespaced && !byName.has(resource.name)) byName.set(resource.name, resource);
    }
    return byName.size > 0 ? [...byName.values()] : [this.placeholder];
  }
}
