import { createHmac, randomBytes } from 'node:crypto';
import { Clock } from '../../clock';
import { ReviewCache } from '../review-cache';
import { ReviewClient } from '../review-client';
import { UserInfo } from '../user';
import { Authenticator, Credentials } from './authenticator';

const PATH = '/apis/authentication.k8s.io/v1/tokenreviews';
/** Of those whom tokens belong to. */
const CACHE_CAPACITY = 4096;

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly error?: string;
    readonly user?: { username?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> };
  };
}

/** What the cluster's API server says of a token: whose it is, or why it is nobody's. */
type Answer = { readonly user: UserInfo } | { readonly refusal: string };

/** Lets the cluster's API server say whose token it is, and remembers the answer for a while, either way. */
export class BearerTokenAuthenticator implements Authenticator {
  private readonly cache: ReviewCache<Answer>;
  /** Tokens are not kept in memory; their keyed hashes are of no use elsewhere. */
  private readonly cacheKey = randomBytes(32);

  constructor(private readonly client: ReviewClient, clock: Clock, ttlMs: number) {
    this.cache = new ReviewCache(clock, CACHE_CAPACITY, { isGrant: (answer) => 'user' in answer, ttlMs: () => ttlMs });
  }

  async authenticate({ headers, remoteAddress }: Credentials): Promise<UserInfo | undefined> {
    const token = bearerToken(headers.first('authorization'));
    return token === undefined ? undefined : this.userOf(token, remoteAddress());
  }

  /** Rejects for a token that is nobody's. */
  async userOf(token: string, remoteAddress: string | undefined): Promise<UserInfo> {
    const key = createHmac('sha256', this.cacheKey).update(token).digest('base64');
    const answer = await this.cache.get(key, () => this.review(token, remoteAddress));
    if ('refusal' in answer) throw new Error(answer.refusal);
    return answer.user;
  }

  /** Of an unknown token all that is known is where it comes from. */
  private async review(token: string, flow: string | undefined): Promise<Answer> {
    const body = { kind: 'TokenReview', apiVersion: 'authentication.k8s.io/v1', metadata: {}, spec: { token }, status: { user: {} } };
    const { status } = await this.client.create<TokenReview>(PATH, body, { flow });
    if (status?.authenticated !== true) return { refusal: status?.error || 'invalid bearer token' };
    const { username = '', uid, groups = [], extra } = status.user ?? {};
    return { user: { name: username, uid, groups, extra } };
  }
}

function bearerToken(header: string | undefined): string | undefined {
  const [scheme, token] = header?.trim().split(' ') ?? [];
  return scheme?.toLowerCase() === 'bearer' && token ? token : undefined;
}
