import { formatGroupResource, GroupResource, ResourceMapping } from './objects';
import { Clock } from '../clock';
import { ApiClient } from '../cluster/api-client';
import { ApiError } from '../cluster/api-error';
import { isTimeout } from '../cluster/transport-error';

interface Resource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
}

interface ApiGroup {
  readonly name: string;
  readonly preferredVersion: { readonly groupVersion: string };
  readonly versions: readonly { readonly groupVersion: string }[];
}

/** What discovery said is good for so long; that it did not name something, for less. */
const KEPT_MS = 10 * 60_000;
const KEPT_MISSING_MS = 30_000;

/** Who looks through all groups does not wait for one that hangs again so soon. */
const LATE_MS = 30_000;

/** Each request asks for the same few: what was just found is found again without a search. */
const RECENT_MS = 1_000;
const MAX_RECENT = 100;

/** Far more than clusters have; who asks for groups that do not exist must not fill the memory. */
const MAX_DOCUMENTS = 1000;

const DNS_LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const GROUP = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);

/** Finds kinds by their resources in discovery, of which it reads no more than it needs, and reads anew what may have changed. */
export class ResourceMappings {
  /** By resource. */
  private readonly recent = new Map<string, { readonly mapping: ResourceMapping; readonly foundMs: number }>();
  /** By path. */
  private readonly documents = new Map<string, { readonly askedMs: number; readonly answer: Promise<unknown> }>();
  /** When groups were found to hang. */
  private readonly late = new Map<string, number>();

  constructor(private readonly client: Pick<ApiClient, 'request'>, private readonly clock: Clock) {}

  /**
   * By plural or singular name. Without a group, a resource of the core group or else of the first group that has it, as with the
   * RESTMapper of client-go. Fails as the client does.
   */
  async mapping({ group, resource }: GroupResource): Promise<ResourceMapping | undefined> {
    if (group !== '' && !GROUP.test(group)) return undefined;
    for (const keptMs of [KEPT_MS, KEPT_MISSING_MS]) {
      const mapping = await this.mappingIn(group, resource, keptMs) ?? (group === '' ? await this.mappingAnywhere(resource, keptMs) : undefined);
      if (mapping) return this.keep(formatGroupResource({ group, resource }), mapping);
    }
    return undefined;
  }

  /** What was found a moment ago. */
  recentMapping(resource: GroupResource): ResourceMapping | undefined {
    const found = this.recent.get(formatGroupResource(resource));
    return found && this.clock.monotonic() - found.foundMs < RECENT_MS ? found.mapping : undefined;
  }

  private keep(key: string, mapping: ResourceMapping): ResourceMapping {
    if (this.recent.size >= MAX_RECENT) this.recent.clear();
    this.recent.set(key, { mapping, foundMs: this.clock.monotonic() });
    return mapping;
  }

  private async mappingAnywhere(resource: string, keptMs: number): Promise<ResourceMapping | undefined> {
    const { groups = [] } = await this.read<{ groups: readonly ApiGroup[] }>('/apis', keptMs) ?? {};
    for (const { name } of groups) {
      if (this.clock.monotonic() - (this.late.get(name) ?? -Infinity) < LATE_MS) continue;
      const mapping = await this.mappingIn(name, resource, keptMs).catch((error) => this.passOver(name, error));
      if (mapping) return mapping;
    }
    return undefined;
  }

  /** Among all groups may be some whose own server is down, ours for one, or hangs. */
  private passOver(group: string, error: unknown): undefined {
    if (isTimeout(error)) this.late.set(group, this.clock.monotonic());
    else if (!(error instanceof ApiError)) throw error;
  }

  /** The preferred version is asked first, others only for what it lacks. */
  private async mappingIn(group: string, resource: string, keptMs: number): Promise<ResourceMapping | undefined> {
    for (const apiVersion of await this.versionsOf(group, keptMs)) {
      const { resources = [] } = await this.read<{ resources: readonly Resource[] }>(rootOf(apiVersion), keptMs) ?? {};
      const found = resources.find(({ name, singularName, kind }) => name === resource || (singularName || kind.toLowerCase()) === resource && !name.includes('/'));
      if (found) return mappingOf(found, group, apiVersion);
    }
    return undefined;
  }

  private async versionsOf(group: string, keptMs: number): Promise<readonly string[]> {
    if (group === '') return ['v1'];
    const found = await this.read<ApiGroup>(`/apis/${group}`, keptMs);
    return found ? [...new Set([found.preferredVersion, ...found.versions].map(({ groupVersion }) => groupVersion))] : [];
  }

  /** Undefined for what is not there. A failure is not kept. */
  private read<T>(path: string, keptMs: number): Promise<T | undefined> {
    const nowMs = this.clock.monotonic();
    const known = this.documents.get(path);
    if (known && nowMs - known.askedMs < keptMs) return known.answer as Promise<T | undefined>;
    if (this.documents.size >= MAX_DOCUMENTS) this.documents.clear();
    const answer = this.client.request<T>({ path }).catch((error) => {
      if (error instanceof ApiError && error.code === 404) return undefined;
      this.documents.delete(path);
      throw error;
    });
    this.documents.set(path, { askedMs: nowMs, answer });
    return answer;
  }
}

/** Where an API version's resources are. */
export function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function mappingOf({ name, singularName, namespaced, kind }: Resource, group: string, apiVersion: string): ResourceMapping {
  return { groupResource: { group, resource: name }, singular: singularName || kind.toLowerCase(), namespaced, apiVersion, kind };
}
