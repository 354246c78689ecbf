import { ApiClient } from '../cluster/api-client';
import { ApiError } from '../cluster/api-error';
import { TransportError } from '../cluster/transport-error';
import { KUBERNETES } from '../custom-metrics/metric-errors';
import { SourceError } from '../prometheus/source-error';

/** More of them would make an answer of many megabytes, every few seconds. */
export const MAX_OBJECTS = 1000;

type KubernetesClient = Pick<ApiClient, 'request'>;

type Query = Readonly<Record<string, string | undefined>>;

interface ObjectList<T> {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly T[];
}

/** Up to 1,000 objects, by our own rights. @throws SourceError */
export async function listObjects<T>(client: KubernetesClient, path: string, query: Query, signal: AbortSignal): Promise<readonly T[]> {
  const { items = [], metadata } = await getObject<ObjectList<T>>(client, path, { ...query, limit: String(MAX_OBJECTS) }, signal);
  // Some servers do not know of limits.
  if (metadata?.continue || items.length > MAX_OBJECTS) {
    throw new SourceError(KUBERNETES, 'query', `there are more than ${MAX_OBJECTS}; choose fewer by selector or namespace`, `GET ${path}`);
  }
  return items;
}

/** @throws SourceError */
export async function getObject<T>(client: KubernetesClient, path: string, query: Query, signal: AbortSignal): Promise<T> {
  try {
    return await client.request<T>({ path, query, signal });
  } catch (error) {
    const asked = `GET ${path}`;
    if (error instanceof ApiError) {
      const reason = error.code === 401 || error.code === 403 ? 'unauthorized' : error.code >= 500 || error.code === 429 ? 'unavailable' : 'query';
      throw new SourceError(KUBERNETES, reason, error.message, asked, error.code);
    }
    throw error instanceof TransportError ? new SourceError(KUBERNETES, 'transport', error.message, asked) : error;
  }
}
