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

/** Lets the cluster's API server say whose token it is, and remembers the answer for a while, either way. */
export class BearerTokenAuthenticator implements Authenticator {
  /** Undefined for a token that is nobody's. */
  private readonly cache: ReviewCache<UserInfo | undefined>;
  /** Tokens are not kept in memory; their keyed hashes are of no use elsewhere. */
  private readonly cacheKey = randomBytes(32);

  constructor(private readonly client: ReviewClient, clock: Clock, ttlMs: number) {
    this.cache = new ReviewCache(clock, CACHE_CAPACITY, { isGrant: (user) => user !== undefined, ttlMs: () => ttlMs });
  }

  async authenticate({ headers, remoteAddress }: Credentials): Promise<UserInfo | undefined> {
    const token = bearerToken(headers.first('authorization'));
    return token === undefined ? undefined : this.userOf(token, remoteAddress());
  }

  /** Rejects for a token that is nobody's. */
  async userOf(token: string, remoteAddress: string | undefined): Promise<UserInfo> {
    const key = createHmac('sha256', this.cacheKey).update(token).digest('base64');
    const user = await this.cache.get(key, () => this.review(token, remoteAddress), remoteAddress);
    if (!user) throw new Error('invalid bearer token');
    return user;
  }

  /** Of an unknown token all that is known is where it comes from. Rejects when the API server could not find out, which is not remembered, as with k8s.io/apiserver. */
  private async review(token: string, flow: string | undefined): Promise<UserInfo | undefined> {
    const body = { kind: 'TokenReview', apiVersion: 'authentication.k8s.io/v1', metadata: {}, spec: { token }, status: { user: {} } };
    const { status } = await this.client.create<TokenReview>(PATH, body, { flow });
    if (status?.authenticated !== true) {
      if (status?.error) throw new Error(status.error);
      return undefined;
    }
    const { username = '', uid, groups = [], extra } = status.user ?? {};
    return { name: username, uid, groups, extra };
  }
}

function bearerToken(header: string | undefined): string | undefined {
  const [scheme, token] = header?.trim().split(' ') ?? [];
  return scheme?.toLowerCase() === 'bearer' && token ? token : undefined;
}
