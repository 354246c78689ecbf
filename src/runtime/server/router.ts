import { Discovery } from './discovery';
import { GroupVersion } from './group-version';
import { HealthEndpoints } from './health';
import { assertAcceptable } from './negotiation';
import { OpenApi } from './openapi/openapi';
import { Paging } from './paging';
import { Preferences, rawJsonReply, Reply, Sharing } from './reply';
import { RequestInfo } from './request-info';
import { replyToResource } from './resource-endpoint';
import { StatusError } from './status';
import { UserInfo } from './user';
import { VersionInfo } from './version';

/** Answers for a page beside the API: /metrics, for example. */
export type Page = (request: AuthorizedRequest) => Reply | Promise<Reply>;

/** A page that has one form. */
export function textPage(contentType: string, render: () => string): Page {
  return () => ({ status: 200, headers: { 'content-type': contentType }, body: render() });
}

/** A request that may be answered. */
export interface AuthorizedRequest {
  readonly method: string;
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly user: UserInfo;
  readonly preferences: Preferences;
  readonly ifNoneMatch: string | undefined;
  readonly signal: AbortSignal;
  /** What a PUT brings. */
  readonly text?: Promise<string>;
  /** Takes the object that is answered, where it is recorded. */
  readonly record?: (object: unknown) => void;
}

export interface RouterOptions {
  readonly groupVersions: readonly GroupVersion[];
  readonly discovery: Discovery;
  readonly openapi: OpenApi;
  readonly health: HealthEndpoints;
  readonly version: VersionInfo;
  /** By path, or by how paths begin: `/debug/metrics/*`. */
  readonly pages: Readonly<Record<string, Page>>;
  /** @default lists are answered whole */
  readonly paging?: Paging;
  /** By which lists that several ask for at the same time are made once. */
  readonly sharing: Omit<Sharing, 'signal'>;
}

/** Finds who answers a path. */
export class Router {
  constructor(private readonly options: RouterOptions) {}

  /** The group version that a path belongs to, which has no slash too many on its way there. */
  groupVersion({ isResourceRequest, path, apiGroup, apiVersion }: RequestInfo): GroupVersion | undefined {
    if (!isResourceRequest || !path.startsWith(`/apis/${apiGroup}/${apiVersion}/`)) return undefined;
    return this.options.groupVersions.find(({ group, version }) => group === apiGroup && version === apiVersion);
  }

  async route(request: AuthorizedRequest): Promise<Reply> {
    const { method, info, preferences } = request;
    const groupVersion = this.groupVersion(info);
    const { paging, sharing } = this.options;
    if (groupVersion) return replyToResource(groupVersion, method, request, preferences, { paging, record: request.record, sharing });
    const health = this.options.health.reply(info.path, request.query);
    if (health) return health;
    if (method !== 'GET' && this.isDiscovery(info.path)) throw StatusError.methodNotAllowed();
    const reply = await this.document(request);
    if (!reply && this.options.groupVersions.some(({ group }) => info.path.startsWith(`/apis/${group}/`))) throw StatusError.notFoundPath();
    return reply ?? rawJsonReply(info.path === '/' ? 200 : 404, { paths: this.paths() });
  }

  private async document(request: AuthorizedRequest): Promise<Reply | undefined> {
    const { info: { path }, query, preferences, ifNoneMatch } = request;
    const { discovery, openapi, version } = this.options;
    if (path === '/version' || path === '/version/') {
      assertAcceptable(preferences.accept, ['application/json']);
      return rawJsonReply(200, version);
    }
    const page = this.page(path);
    if (page) return page(request);
    return openapi.reply(path, query, preferences.accept, ifNoneMatch)
      ?? discovery.reply(path, preferences, ifNoneMatch, request.record);
  }

  /** Elsewhere beside the API any method reads, as with k8s.io/apiserver. */
  private isDiscovery(path: string): boolean {
    return [...this.options.discovery.paths, '/version'].includes(path.replace(/\/$/, ''));
  }

  private page(path: string): Page | undefined {
    const { pages } = this.options;
    const key = Object.hasOwn(pages, path) ? path : Object.keys(pages).find((one) => one.endsWith('/*') && path.startsWith(one.slice(0, -1)));
    return key === undefined ? undefined : pages[key];
  }

  private paths(): string[] {
    const { discovery, health, openapi, pages } = this.options;
    return [...new Set([...discovery.paths, ...health.paths, ...openapi.paths, ...Object.keys(pages).filter(isListed), '/version'])].sort();
  }
}

/** Those for debugging are not, as with k8s.io/apiserver. */
function isListed(path: string): boolean {
  return !path.startsWith('/debug/');
}
