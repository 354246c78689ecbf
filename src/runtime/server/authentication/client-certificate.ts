import { UserInfo } from '../user';
import { AuthenticationSettings } from './authentication-settings';
import { Authenticator, Credentials } from './authenticator';
import { ClientCertificateVerifier } from './client-certificate-verifier';
import { PeerCertificates, subjectOf } from './peer-certificates';

/** A certificate of the cluster's client CA: common name is the user, organizations are the groups. */
export class ClientCertificateAuthenticator implements Authenticator {
  /** Read once for a connection. */
  private readonly users = new WeakMap<PeerCertificates, UserInfo>();

  constructor(private readonly settings: () => AuthenticationSettings, private readonly verifier: ClientCertificateVerifier) {}

  async authenticate({ peer: shown }: Credentials): Promise<UserInfo | undefined> {
    const { clientCa } = this.settings();
    const peer = clientCa === undefined ? undefined : shown();
    if (!clientCa || !peer) return undefined;
    this.verifier.verify(peer, clientCa);
    const user = this.users.get(peer) ?? userOf(peer);
    this.users.set(peer, user);
    return user.name === '' ? undefined : user;
  }
}

function userOf(peer: PeerCertificates): UserInfo {
  const { commonName, organizations } = subjectOf(peer);
  const fingerprint = peer.leaf.fingerprint256.replaceAll(':', '').toLowerCase();
  return { name: commonName, groups: organizations, extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] } };
}
