import { FRONT_PROXY } from '../owner';
import { StatusError } from '../status';
import { UserInfo } from '../user';
import { PeerCertificates } from './peer-certificates';
import { RequestHeaders } from './request-headers';

/** What a request brings to say who it comes from. */
export interface Credentials {
  readonly headers: RequestHeaders;
  /** Undefined when the client showed no certificate. Throws when what it showed was not verified. */
  readonly peer: () => PeerCertificates | undefined;
  /** Told that the connection is kube-apiserver's, whoever the request is from. */
  readonly recognized?: (owner: typeof FRONT_PROXY) => void;
  /** Undefined when the client is gone. */
  readonly remoteAddress: () => string | undefined;
}

/**
 * Finds out who asks: the user, or undefined for a request without credentials of this kind. Rejects for credentials that fail, and with a
 * StatusError when that cannot be found out now.
 */
export interface Authenticator {
  authenticate(credentials: Credentials): Promise<UserInfo | undefined>;
}

const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';
export const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: [UNAUTHENTICATED] };

/**
 * The first authenticator that knows the user wins, even when one before it failed: a good token counts beside a foreign
 * certificate. Failed credentials alone are an error; only a request without any is anonymous.
 */
export class AuthenticatorChain {
  constructor(private readonly authenticators: readonly Authenticator[]) {}

  async authenticate(credentials: Credentials): Promise<UserInfo> {
    const failures = new Set<string>();
    for (const authenticator of this.authenticators) {
      try {
        const user = await authenticator.authenticate(credentials);
        if (user) return asAuthenticated(user);
      } catch (error) {
        if (error instanceof StatusError) throw error;
        failures.add(error instanceof Error ? error.message : String(error));
      }
    }
    if (failures.size > 0) throw new Error([...failures].join('; '));
    return ANONYMOUS;
  }
}

/**
 * Discovery of kube-aggregator comes without groups, and RBAC grants discovery to the authenticated. Whom the front proxy
 * calls unauthenticated stays so.
 */
function asAuthenticated(user: UserInfo): UserInfo {
  const isDecided = user.name === ANONYMOUS.name || user.groups.includes(AUTHENTICATED) || user.groups.includes(UNAUTHENTICATED);
  return isDecided ? user : { ...user, groups: [...user.groups, AUTHENTICATED] };
}
