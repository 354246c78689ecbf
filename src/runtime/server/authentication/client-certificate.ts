import { UserInfo } from '../user';
import { AuthenticationSettings } from './authentication-settings';
import { Authenticator, Credentials } from './authenticator';
import { ClientCertificateVerifier } from './client-certificate-verifier';
import { subjectOf } from './peer-certificates';

/** A certificate of the cluster's client CA: common name is the user, organizations are the groups. */
export class ClientCertificateAuthenticator implements Authenticator {
  constructor(private readonly settings: () => AuthenticationSettings, private readonly verifier: ClientCertificateVerifier) {}

  async authenticate({ peer: shown }: Credentials): Promise<UserInfo | undefined> {
    const { clientCa } = this.settings();
    const peer = clientCa === undefined ? undefined : shown();
    if (!clientCa || !peer) return undefined;
    this.verifier.verify(peer, clientCa);
    const { commonName, organizations } = subjectOf(peer);
    if (commonName === '') return undefined;
    const fingerprint = peer.leaf.fingerprint256.replaceAll(':', '').toLowerCase();
    return { name: commonName, groups: organizations, extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] } };
  }
}
