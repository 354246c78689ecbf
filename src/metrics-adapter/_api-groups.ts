import { IConstruct } from 'constructs';
import { MetricsAdapterProps } from './metrics-adapter-props';
import { ApiGroupVersion } from '../api-service/aggregated-api-service';
import { ExtensionApiServer } from '../extension-api-server/extension-api-server';
import { refuse } from '../validation/_validation';

/** By the property that decides whether the group leads here. */
type Api = 'customMetrics' | 'externalMetrics';

const GROUP_VERSIONS: Readonly<Record<Api, readonly ApiGroupVersion[]>> = {
  // Autoscalers ask for the preferred version, of which the priority is the highest: `v1beta2`, which tells of a metric's selector in its place.
  customMetrics: [
    { group: 'custom.metrics.k8s.io', version: 'v1beta2', versionPriority: 200 },
    { group: 'custom.metrics.k8s.io', version: 'v1beta1', versionPriority: 100 },
  ],
  externalMetrics: [{ group: 'external.metrics.k8s.io', version: 'v1beta1', versionPriority: 100 }],
};
const APIS = Object.keys(GROUP_VERSIONS) as Api[];

/** What the process of an adapter serves, whether anything leads to it or not. */
export const SERVED_GROUP_VERSIONS: readonly ApiGroupVersion[] = Object.values(GROUP_VERSIONS).flat();

/**
 * The API groups that lead to an adapter. A cluster has each once, and its APIService may be another's, such as KEDA's: it is taken when something of the group is
 * declared, not before.
 */
export class ApiGroups {
  private readonly registered = new Set<Api>();

  constructor(private readonly scope: IConstruct, private readonly server: ExtensionApiServer, private readonly props: MetricsAdapterProps) {
    // What another adapter serves, nobody knows before it is asked.
    const atOnce = (props.adapters ?? []).length > 0;
    APIS.filter((api) => props[api] ?? atOnce).forEach((api) => this.register(api));
  }

  /** Whether the group leads here, as far as is known by now. */
  public has(api: Api): boolean {
    return this.registered.has(api);
  }

  /** Refuses what is declared of a group that is another's. */
  public check(api: Api, property: string, given: string): void {
    if (this.props[api] !== false) return;
    refuse(this.scope, {
      property,
      given: `${given} beside ${api}: false`,
      allowed: 'metrics of APIs that lead to this adapter',
      mend: `remove ${api}: false, or declare the metric where that API leads to`,
    });
  }

  public register(api: Api): void {
    if (this.registered.has(api)) return;
    this.registered.add(api);
    this.server._register(GROUP_VERSIONS[api], this.props.apiServices);
  }
}
