import { IncomingMessage, ServerResponse } from 'node:http';
import { Endpoint, proxyToApiService } from './aggregation';
import { ApiServerFault, isSpared } from './api-server-fault';
import { authenticate, Tokens } from './authentication';
import { discoveryAt } from './discovery';
import { readJson, writeError, writeJson, writeText } from './http-body';
import { HttpsServer } from './https-server';
import { KubeObject, resourceAtPath, resourceOfKind } from './kube-object';
import { ObjectStore } from './object-store';
import { ObjectsHandler } from './objects-handler';
import { Identity } from './pki';
import { isAllowed } from './rbac';
import { parseTarget, RequestTarget } from './request-path';
import { reviewAccess, reviewSelf, reviewToken } from './reviews';
import { forbidden, noSuchPath } from './status';
import { Attributes, Reviewer } from './user';
import { Clock, Stop } from '../../src/runtime/clock';
import { UserInfo } from '../../src/runtime/server/user';

export interface ApiServerProps {
  readonly clock: Clock;
  readonly store: ObjectStore;
  readonly tokens: Tokens;
  readonly identity: Identity;
  readonly clientCa: string;
  /** Shown to extension API servers. */
  readonly frontProxy: Identity;
}

/** A version that has no streaming lists. */
const VERSION = { major: '1', minor: '30', gitVersion: 'v1.30.0', platform: 'linux/amd64' };

const API_SERVICE = resourceOfKind('apiregistration.k8s.io/v1', 'APIService')!;

/** What an extension API server and a kubelet need of a kube-apiserver. */
export class ApiServer implements Reviewer {
  public static async start(props: ApiServerProps): Promise<ApiServer> {
    const api = new ApiServer(props);
    await api.listen(0);
    return api;
  }

  private server!: HttpsServer;
  private readonly objects: ObjectsHandler;
  private fault: ApiServerFault | undefined;
  private readonly endpoints = new Map<string, Endpoint>();

  private constructor(private readonly props: ApiServerProps) {
    this.objects = new ObjectsHandler(props.store, props.clock);
  }

  public get url(): string {
    return `https://127.0.0.1:${this.server.port}`;
  }

  /** Sends what is meant for the Service to this endpoint. */
  public setEndpoint(namespace: string, service: string, endpoint: Endpoint): void {
    this.endpoints.set(`${namespace}/${service}`, endpoint);
  }

  public async authenticate(token: string): Promise<UserInfo | undefined> {
    return this.props.tokens.userOf(token);
  }

  public async authorize(user: UserInfo, attributes: Attributes): Promise<boolean> {
    return isAllowed(this.props.store, user, attributes);
  }

  /** Ends every watch, as an API server that restarts does. */
  public endWatches(): void {
    this.objects.endWatches();
  }

  /** Nothing comes on the watches there are any more, their end neither: who stands between has forgotten where they lead. */
  public hangWatches(): void {
    this.objects.hangWatches();
  }

  /** Answers nothing more, with all connections open. Returns what answers requests from then on: those before stay without, as watches do. */
  public hang(): Stop {
    this.fault = { kind: 'hang' };
    this.hangWatches();
    return () => { this.fault = undefined; };
  }

  /** Breaks the API server in the given way; without a fault it is whole again, at the same address. Connections there are end. */
  public async setFault(fault?: ApiServerFault): Promise<void> {
    const { port } = this.server;
    const wasListening = this.fault?.kind !== 'refuse';
    this.fault = fault;
    if (wasListening) await this.stop();
    if (fault?.kind !== 'refuse') await this.listen(port);
  }

  public async stop(): Promise<void> {
    this.endWatches();
    await this.server.close();
  }

  private async listen(port: number): Promise<void> {
    const { identity, clientCa } = this.props;
    this.server = await HttpsServer.listen({ identity, clientCa, host: '127.0.0.1', port, handler: (request, response) => this.handle(request, response) });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url!, this.url);
      if (!await isSpared(this.fault, url.pathname, response)) return;
      const target = parseTarget(request.method!, url);
      const user = await authenticate(request, (token) => this.authenticate(token));
      const attributes = attributesOf(target);
      if (!await this.authorize(user, attributes)) throw forbidden(refusal(user, attributes));
      await this.route(request, response, target, user, url.searchParams);
    } catch (error) {
      writeError(response, error);
    }
  }

  private async route(
    request: IncomingMessage, response: ServerResponse, target: RequestTarget, user: UserInfo, query: URLSearchParams,
  ): Promise<void> {
    const apiService = this.apiServiceFor(target);
    if (apiService) {
      const { namespace, name } = apiService.spec.service;
      return proxyToApiService(request, response, apiService, this.endpoints.get(`${namespace}/${name}`), user, this.props.frontProxy);
    }
    switch (`${request.method} ${target.path}`) {
      case 'GET /version': return writeJson(response, 200, VERSION);
      case 'GET /livez':
      case 'GET /readyz':
      case 'GET /healthz': return writeText(response, 200, 'ok');
      case 'POST /apis/authentication.k8s.io/v1/tokenreviews':
        return writeJson(response, 201, await reviewToken(await readJson(request), this));
      case 'POST /apis/authentication.k8s.io/v1/selfsubjectreviews':
        return writeJson(response, 201, reviewSelf(user));
      case 'POST /apis/authorization.k8s.io/v1/subjectaccessreviews':
        return writeJson(response, 201, await reviewAccess(await readJson(request), this));
      case 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews':
        return writeJson(response, 201, await reviewAccess(await readJson(request), this, user));
    }
    const discovered = request.method === 'GET' ? discoveryAt(target.path) : undefined;
    if (discovered) return writeJson(response, 200, discovered);
    const { group = '', version = '', plural = '' } = target.resource ?? {};
    const resource = resourceAtPath(group, version, plural);
    if (!resource || target.resource?.subresource) throw noSuchPath();
    return this.objects.handle(request, response, target, resource, query);
  }

  private apiServiceFor({ path }: RequestTarget): KubeObject | undefined {
    const [, root, group, version] = path.split('/');
    const apiService = root === 'apis' && version ? this.props.store.find(API_SERVICE, '', `${version}.${group}`) : undefined;
    return apiService?.spec.service ? apiService : undefined;
  }
}

function attributesOf({ verb, path, resource }: RequestTarget): Attributes {
  if (!resource) return { verb, path };
  const { group, plural, subresource, namespace, name } = resource;
  return { verb, group, resource: plural, subresource, namespace, name };
}

function refusal(user: UserInfo, { verb, path, group, resource, subresource, namespace, name }: Attributes): string {
  if (path !== undefined) return `forbidden: User "${user.name}" cannot ${verb} path "${path}"`;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const qualified = group ? `${resource}.${group}` : resource;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  return `${qualified}${name ? ` "${name}"` : ''} is forbidden: User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
}
