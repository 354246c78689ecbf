import { createServer, IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { kubeconfig } from './runtime-process';
import { until } from '../cluster/fake-api-server';

/** What the program asked, and by which kubeconfig. */
export interface Asked {
  readonly by: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: any;
}

/** A kube-apiserver that says what the test wants, and nothing changes. A token stands for the user of its name. */
export class ScriptedCluster {
  static async start(port = 0): Promise<ScriptedCluster> {
    const cluster = new ScriptedCluster();
    await new Promise<void>((resolve) => cluster.server.listen(port, '127.0.0.1', resolve));
    return cluster;
  }

  readonly asked: Asked[] = [];
  /** By path, such as `/api/v1/nodes`. */
  readonly lists: Record<string, readonly object[]> = {};
  /** Nothing that is posted is taken. */
  isBroken = false;
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));
  /** By the spec of a SubjectAccessReview. */
  allows: (spec: any) => boolean | Promise<boolean> = () => true;

  /** One with which the program's requests are known as `by`. */
  kubeconfig(by = 'cluster'): string {
    return kubeconfig(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${by}`);
  }

  /** Specs, so far. */
  reviews(kind: 'TokenReview' | 'SubjectAccessReview'): any[] {
    return this.asked.filter(({ body }) => body?.kind === kind).map(({ body }) => body.spec);
  }

  async isAsked(what: (asked: Asked) => boolean): Promise<Asked> {
    await until(() => this.asked.some(what));
    return this.asked.find(what)!;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, 'http://cluster');
    const [, by, ...rest] = pathname.split('/');
    let text = '';
    for await (const chunk of request) text += chunk;
    const asked = { by, method: request.method!, path: `/${rest.join('/')}`, query: searchParams, headers: request.headers, body: text && JSON.parse(text) };
    this.asked.push(asked);
    if (searchParams.get('watch') === 'true') return this.watch(asked, response);
    if (this.isBroken && request.method === 'POST') return void response.writeHead(500).end();
    const answer = await this.answer(asked);
    response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  private watch({ path, query }: Asked, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (!query.has('sendInitialEvents')) return;
    const end = { metadata: { resourceVersion: '1', annotations: { 'k8s.io/initial-events-end': 'true' } } };
    for (const object of this.lists[path] ?? []) response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object: end })}\n`);
  }

  private async answer({ method, path, body }: Asked): Promise<object> {
    if (method === 'GET') return { metadata: { resourceVersion: '1' }, items: this.lists[path] ?? [] };
    switch (body.kind) {
      case 'TokenReview': return { ...body, status: { authenticated: true, user: { username: body.spec.token } } };
      case 'SubjectAccessReview': return { ...body, status: { allowed: await this.allows(body.spec) } };
      default: return body;
    }
  }
}
