import * as http from 'http';
import * as https from 'https';
import { AddressInfo } from 'net';

export interface FakeObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string };
}

interface Answer {
  readonly code: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: unknown;
}

interface Watcher {
  readonly response: http.ServerResponse;
  readonly select: (object: FakeObject) => boolean;
}

/** One collection served as kube-apiserver does: pages, watches, bookmarks, 410 after compaction. Tests break it as they like. */
export class FakeApiServer {
  readonly requests: { method: string; url: URL; headers: http.IncomingHttpHeaders; body: string }[] = [];
  /** Bearer token that is accepted; undefined accepts everybody. */
  token: string | undefined;
  /** Sends everything in one page, as old servers do. */
  ignoresLimit = false;
  /**
   * What a watch that is to begin with all there is gets. `refused`, as without the feature WatchList: once a watch stands, all has been
   * listed, which tests rely on. `nothing`: the test sends it.
   */
  initialEvents: 'refused' | 'sent' | 'nothing' = 'refused';
  /** Sees each request before it is answered. */
  onRequest: ((request: http.IncomingMessage) => void) | undefined;
  /** Answers of the next requests that `when` chooses, instead of the usual ones. */
  private readonly planned: { when: (url: URL) => boolean; answer: Answer | 'hang' }[] = [];
  private readonly objects = new Map<string, FakeObject>();
  private readonly log: { version: number; line: { type: string; object: FakeObject } }[] = [];
  private readonly watchers = new Set<Watcher>();
  private version = 100;
  private compacted = 0;
  private server: http.Server | undefined;

  async listen(tls?: https.ServerOptions): Promise<URL> {
    const handler: http.RequestListener = (request, response) => { void this.serve(request, response); };
    this.server = tls ? https.createServer(tls, handler) : http.createServer(handler);
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
    return new URL(`${tls ? 'https' : 'http'}://127.0.0.1:${(this.server.address() as AddressInfo).port}`);
  }

  async close(): Promise<void> {
    if (!this.server) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server!.close(resolve));
  }

  get watching(): number {
    return this.watchers.size;
  }

  lists(): URL[] {
    return this.requests.map(({ url }) => url).filter((url) => !url.searchParams.has('watch'));
  }

  /** Without those that were refused because of what they were to begin with. */
  watches(): URL[] {
    const isRefused = (url: URL) => this.initialEvents === 'refused' && url.searchParams.has('sendInitialEvents');
    return this.requests.map(({ url }) => url).filter((url) => url.searchParams.has('watch') && !isRefused(url));
  }

  set(name: string, fields: object = {}, metadata: object = {}): void {
    const type = this.objects.has(name) ? 'MODIFIED' : 'ADDED';
    const object = { metadata: { name, ...metadata, resourceVersion: String(++this.version) }, ...fields };
    this.objects.set(name, object);
    this.emit(type, object);
  }

  delete(name: string): void {
    const object = this.objects.get(name)!;
    this.objects.delete(name);
    this.emit('DELETED', { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } });
  }

  /** Something else in the cluster changed; watches hear of it by a bookmark alone. */
  bookmark(): number {
    this.version += 10;
    this.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(this.version) } } });
    return this.version;
  }

  endOfInitialEvents() {
    return { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(this.version), annotations: { 'k8s.io/initial-events-end': 'true' } } } };
  }

  /** Forgets how it came to be as it is: watches from before answer 410. */
  compact(): void {
    this.compacted = ++this.version;
  }

  /** Sends something to all watches, whatever it is. */
  send(event: unknown, pieces: (text: Buffer) => Buffer[] = (text) => [text]): void {
    for (const { response } of this.watchers) {
      for (const piece of pieces(Buffer.from(`${JSON.stringify(event)}\n`))) response.write(piece);
    }
  }

  sendText(text: string): void {
    for (const { response } of this.watchers) response.write(text);
  }

  /** Ends watches in an orderly way. */
  endWatches(): void {
    for (const { response } of this.watchers) response.end();
    this.watchers.clear();
  }

  /** Cuts the connections of watches. */
  breakWatches(): void {
    for (const { response } of this.watchers) response.socket!.destroy();
    this.watchers.clear();
  }

  next(answer: Answer | 'hang', when: (url: URL) => boolean = () => true): void {
    this.planned.push({ when, answer });
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://fake');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.onRequest?.(request);
    this.requests.push({ method: request.method!, url, headers: request.headers, body });
    const planned = this.planned.findIndex(({ when }) => when(url));
    if (planned >= 0) {
      const { answer } = this.planned.splice(planned, 1)[0];
      return answer === 'hang' ? undefined : reply(response, answer);
    }
    if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`) {
      return reply(response, { code: 401, body: status(401, 'Unauthorized', 'Unauthorized') });
    }
    return url.searchParams.get('watch') === 'true' ? this.watch(url, response) : this.list(url, response);
  }

  private list(url: URL, response: http.ServerResponse): void {
    const all = [...this.objects.values()].filter(selector(url));
    const limit = this.ignoresLimit ? all.length : Number(url.searchParams.get('limit') ?? all.length);
    const start = Number(url.searchParams.get('continue') ?? 0);
    const more = start + limit < all.length ? { continue: String(start + limit) } : {};
    reply(response, { code: 200, body: { metadata: { resourceVersion: String(this.version), ...more }, items: all.slice(start, start + limit) } });
  }

  private watch(url: URL, response: http.ServerResponse): void {
    const initial = url.searchParams.has('sendInitialEvents');
    if (initial && this.initialEvents === 'refused') {
      return reply(response, { code: 422, body: status(422, 'Invalid', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled') });
    }
    const from = initial ? this.version : Number(url.searchParams.get('resourceVersion'));
    if (from < this.compacted) {
      return reply(response, { code: 410, body: status(410, 'Expired', `too old resource version: ${from} (${this.version})`) });
    }
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    const watcher = { response, select: selector(url) };
    this.watchers.add(watcher);
    response.on('close', () => this.watchers.delete(watcher));
    if (initial && this.initialEvents === 'sent') this.sendInitialEvents(watcher);
    for (const { version, line } of this.log) {
      if (version > from && watcher.select(line.object)) response.write(`${JSON.stringify(line)}\n`);
    }
  }

  private sendInitialEvents({ response, select }: Watcher): void {
    for (const object of [...this.objects.values()].filter(select)) response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    response.write(`${JSON.stringify(this.endOfInitialEvents())}\n`);
  }

  private emit(type: string, object: FakeObject): void {
    const line = { type, object };
    this.log.push({ version: this.version, line });
    for (const { response, select } of this.watchers) {
      if (select(object)) response.write(`${JSON.stringify(line)}\n`);
    }
  }
}

export function status(code: number, reason: string, message: string, details?: object) {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
}

export const isList = (url: URL) => !url.searchParams.has('watch');

/** Waits until sockets have brought what the test expects, looking again at each turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  const endMs = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > endMs) throw new Error(`never happened: ${condition.toString()}`);
    await new Promise(setImmediate);
  }
}

function reply(response: http.ServerResponse, { code, headers, body }: Answer): void {
  response.writeHead(code, { 'Content-Type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
}

function selector(url: URL): (object: FakeObject) => boolean {
  const name = /^metadata\.name=(.*)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
  return (object) => name === undefined || object.metadata.name === name;
}
