import { UserInfo } from '../user';
import { PeerCertificates } from './peer-certificates';
import { RequestHeaders } from './request-headers';

/** What a request brings to say who it comes from. */
export interface Credentials {
  readonly headers: RequestHeaders;
  /** Undefined when the client showed no certificate. */
  readonly peer: PeerCertificates | undefined;
}

/** Finds out who asks: the user, or undefined for a request without credentials of this kind. Rejects for credentials that fail. */
export interface Authenticator {
  authenticate(credentials: Credentials): Promise<UserInfo | undefined>;
}

const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const AUTHENTICATED = 'system:authenticated';

/**
 * The first authenticator that knows the user wins, even when one before it failed: a good token counts beside a foreign
 * certificate. Failed credentials alone are an error; only a request without any is anonymous.
 */
export class AuthenticatorChain {
  constructor(private readonly authenticators: readonly Authenticator[]) {}

  async authenticate(credentials: Credentials): Promise<UserInfo> {
    const failures: unknown[] = [];
    for (const authenticator of this.authenticators) {
      try {
        const user = await authenticator.authenticate(credentials);
        if (user) return user.name === ANONYMOUS.name ? user : withGroup(user, AUTHENTICATED);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new Error(failures.map((error) => error instanceof Error ? error.message : String(error)).join('; '));
    return ANONYMOUS;
  }
}

/** Discovery of kube-aggregator comes without groups, and RBAC grants discovery to the authenticated. */
function withGroup(user: UserInfo, group: string): UserInfo {
  return user.groups.includes(group) ? user : { ...user, groups: [...user.groups, group] };
}
