import { randomBytes } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { unauthorized } from './status';
import { ANONYMOUS, userNamed } from './user';
import { UserInfo } from '../../src/runtime/server/user';

/** The bearer tokens of a cluster. */
export class Tokens {
  private readonly users = new Map<string, UserInfo>();

  /** A new token for the user. */
  public issue(user: UserInfo): string {
    const token = randomBytes(24).toString('base64url');
    this.users.set(token, user);
    return token;
  }

  public revoke(token: string): void {
    this.users.delete(token);
  }

  public userOf(token: string): UserInfo | undefined {
    return this.users.get(token);
  }
}

type TokenLookup = (token: string) => UserInfo | undefined | Promise<UserInfo | undefined>;

/** The user of a request: of its client certificate, else of its bearer token, else nobody. A bad credential is 401. */
export async function authenticate(request: IncomingMessage, userOfToken: TokenLookup): Promise<UserInfo> {
  const certified = userOfCertificate(request.socket as TLSSocket);
  if (certified) return certified;
  const header = request.headers.authorization;
  if (header === undefined) return ANONYMOUS;
  const user = await userOfToken(/^Bearer (.+)$/i.exec(header)?.[1] ?? '');
  if (!user) throw unauthorized();
  return user;
}

/** Common name and organizations of a certificate that the cluster's CA has signed. */
function userOfCertificate(socket: TLSSocket): UserInfo | undefined {
  // A resumed session counts as authorized even when the client never showed a certificate.
  const subject = socket.getPeerCertificate().subject as unknown as { CN: string; O?: string | string[] } | undefined;
  if (!socket.authorized || subject === undefined) return undefined;
  const { CN, O } = subject;
  return userNamed(CN, O === undefined ? [] : [O].flat());
}
