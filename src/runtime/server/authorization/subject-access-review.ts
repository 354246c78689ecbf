import { Clock } from '../../clock';
import { ReviewCache } from '../review-cache';
import { ReviewClient } from '../review-client';
import { Attributes, SelectorRequirement } from './attributes';
import { Authorizer, Decision } from './authorizer';

const PATH = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** As k8s.io/apiserver's webhook authorizer: so many decisions, none of which a client can make larger than this. */
const CACHE_CAPACITY = 8192;
const CACHE_KEY_LIMIT_BYTES = 10_000;

export interface SubjectAccessReviewOptions {
  readonly client: ReviewClient;
  readonly clock: Clock;
  readonly authorizedTtlMs: number;
  readonly unauthorizedTtlMs: number;
}

interface SubjectAccessReview {
  readonly status?: { readonly allowed?: boolean; readonly reason?: string };
}

/** Asks the cluster's API server, which knows the roles. */
export class SubjectAccessReviewAuthorizer implements Authorizer {
  private readonly cache: ReviewCache<Decision>;

  constructor(private readonly options: SubjectAccessReviewOptions) {
    const { clock, authorizedTtlMs, unauthorizedTtlMs } = options;
    this.cache = new ReviewCache(clock, CACHE_CAPACITY, {
      isGrant: ({ allowed }) => allowed,
      ttlMs: ({ allowed }) => allowed ? authorizedTtlMs : unauthorizedTtlMs,
    });
  }

  authorize(attributes: Attributes): Promise<Decision> {
    const spec = specOf(attributes);
    const key = JSON.stringify(spec);
    const review = () => this.review(spec, attributes.user.name);
    return Buffer.byteLength(key) < CACHE_KEY_LIMIT_BYTES ? this.cache.get(key, review) : review();
  }

  private async review(spec: unknown, flow: string): Promise<Decision> {
    const body = { kind: 'SubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status: { allowed: false } };
    const { status } = await this.options.client.create<SubjectAccessReview>(PATH, body, { flow });
    return { allowed: status?.allowed === true, reason: status?.reason };
  }
}

/** SubjectAccessReviewSpec in the order in which k8s.io/apiserver writes it. */
function specOf({ user, ...attributes }: Attributes): Record<string, unknown> {
  return {
    ...attributes.isResourceRequest
      ? { resourceAttributes: resourceAttributesOf(attributes) }
      : { nonResourceAttributes: { path: attributes.path, verb: attributes.verb } },
    user: user.name,
    groups: user.groups.length > 0 ? user.groups : undefined,
    extra: user.extra && Object.keys(user.extra).length > 0 ? user.extra : undefined,
    uid: user.uid || undefined,
  };
}

function resourceAttributesOf(attributes: Omit<Attributes, 'user'>): Record<string, unknown> {
  return {
    namespace: attributes.namespace || undefined,
    verb: attributes.verb || undefined,
    group: attributes.apiGroup || undefined,
    version: attributes.apiVersion || undefined,
    resource: attributes.resource || undefined,
    subresource: attributes.subresource || undefined,
    name: attributes.name || undefined,
    fieldSelector: selector(attributes.fieldSelector),
    labelSelector: selector(attributes.labelSelector),
  };
}

function selector(requirements: readonly SelectorRequirement[] | undefined): unknown {
  return requirements && { requirements };
}
