import { ApiClient, ApiQuery, ApiRequestOptions } from '../cluster/api-client';
import { ApiError } from '../cluster/api-error';

/** What came of looking at something in the cluster. */
export type Seen<T> =
  | { readonly object: T; readonly why?: undefined }
  | { readonly object?: undefined; readonly why: 'absent' | 'forbidden' | 'failed' | 'unreachable'; readonly message: string };

interface List<T> {
  readonly items?: readonly T[] | null;
  readonly metadata?: { readonly continue?: string };
}

const PAGE_SIZE = 500;
/** More objects of a kind are not looked at. */
const MAX_OBJECTS = 20_000;

/** Metadata alone: a Secret's key stays where it is. */
export const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

const WHY: Readonly<Record<number, 'absent' | 'forbidden'>> = { 403: 'forbidden', 404: 'absent' };

/** Asks kube-apiserver each thing once, however many checks want to know. */
export class ClusterReader {
  private readonly answers = new Map<string, Promise<Seen<unknown>>>();

  constructor(private readonly client: Pick<ApiClient, 'request'>, private readonly signal: AbortSignal) {}

  get<T>(path: string): Promise<Seen<T>> {
    return this.once(path, () => this.ask<T>({ path }));
  }

  /** One object of a collection, by a list: who may list and watch it by name, as the server may its own objects, may mostly not get it. */
  async named<T>(collection: string, name: string, accept?: string): Promise<Seen<T>> {
    const query = { fieldSelector: `metadata.name=${name}` };
    const list = await this.once(`${collection}/${name}`, () => this.ask<List<T>>({ path: collection, query, accept }));
    if (list.why !== undefined) return list;
    const [object] = list.object.items ?? [];
    return object === undefined ? { why: 'absent', message: `there is no ${name}` } : { object };
  }

  /** All pages of a collection. */
  list<T>(path: string, query?: ApiQuery): Promise<Seen<readonly T[]>> {
    return this.once(`list ${path}${JSON.stringify(query ?? {})}`, () => this.pages<T>(path, query));
  }

  /** For reviews, which are created and not kept. */
  review<T>(path: string, body: object): Promise<Seen<T>> {
    return this.once(path + JSON.stringify(body), () => this.ask<T>({ method: 'POST', path, body }));
  }

  private once<T>(key: string, ask: () => Promise<Seen<T>>): Promise<Seen<T>> {
    const known = this.answers.get(key) as Promise<Seen<T>> | undefined;
    const answer = known ?? ask();
    this.answers.set(key, answer);
    return answer;
  }

  private async pages<T>(path: string, query?: ApiQuery): Promise<Seen<readonly T[]>> {
    const items: T[] = [];
    for (let next: string | undefined; ;) {
      const page = await this.ask<List<T>>({ path, query: { ...query, limit: PAGE_SIZE, continue: next } });
      if (page.why !== undefined) return page;
      for (const item of page.object.items ?? []) items.push(item);
      next = page.object.metadata?.continue || undefined;
      if (next === undefined || items.length >= MAX_OBJECTS) return { object: items };
    }
  }

  private async ask<T>(options: ApiRequestOptions): Promise<Seen<T>> {
    try {
      return { object: await this.client.request<T>({ ...options, signal: this.signal }) };
    } catch (error) {
      this.signal.throwIfAborted();
      const { message } = error as Error;
      return { why: error instanceof ApiError ? WHY[error.code] ?? 'failed' : 'unreachable', message };
    }
  }
}
