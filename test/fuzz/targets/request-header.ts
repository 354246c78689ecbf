import { X509Certificate } from 'node:crypto';
import { ClientCertificateVerifier } from '../../../src/runtime/server/authentication/client-certificate-verifier';
import { settingsFromConfigMap } from '../../../src/runtime/server/authentication/extension-apiserver-authentication';
import { FrontProxyAuthenticator } from '../../../src/runtime/server/authentication/front-proxy';
import { RequestHeaders } from '../../../src/runtime/server/authentication/request-headers';
import { UserInfo } from '../../../src/runtime/server/user';
import { CA_CERTIFICATE, SERVING_CERTIFICATE } from '../../certificates';
import { FuzzTarget } from '../target';

const peer = { leaf: new X509Certificate(SERVING_CERTIFICATE), intermediates: [] };
/** Its own tests say whom it lets pass. */
const verifier = { verify: () => {} } as unknown as ClientCertificateVerifier;

/** What kube-apiserver publishes for its front proxy, and the headers of a request: lines `name: value`, with an empty one in between. */
export const requestHeader: FuzzTarget = {
  name: 'request-header',
  words: ['X-Remote-User: ', 'X-Remote-Group: ', 'X-Remote-Extra-', 'X-Remote-Uid: ', '%2f', '%', '%ff', '["', '"]', '[]', 'null', '[1]', 'CA', '__proto__', 'constructor', 'system:masters', ': ', ','],
  async check(input) {
    const [published, sent = []] = blocksOf(input.toString('latin1'));
    const data = Object.fromEntries(published.map(([name, value]) => [name, value === 'CA' ? CA_CERTIFICATE : value]));
    let settings;
    try {
      settings = settingsFromConfigMap(data);
    } catch (error) {
      if (!/^ConfigMap \S+: /.test((error as Error).message)) throw error;
      return;
    }
    const authenticator = new FrontProxyAuthenticator(() => settings, verifier);
    try {
      const user = await authenticator.authenticate({ headers: new RequestHeaders(sent.flat()), peer: () => peer, remoteAddress: () => undefined });
      if (user) assertUser(user);
    } catch (error) {
      if (!/^x509: /.test((error as Error).message)) throw error;
    }
    if (Object.keys(Object.prototype).length > 0 || 'polluted' in {}) throw new Error('the prototype of all objects was changed');
  },
};

function blocksOf(text: string): [name: string, value: string][][] {
  return text.split('\n\n').map((block) => block.split('\n').map((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  }));
}

function assertUser({ name, uid, groups, extra = {} }: UserInfo): void {
  const texts = [name, uid ?? '', ...groups, ...Object.keys(extra), ...Object.values(extra).flat()];
  if (name === '' || !texts.every((text) => typeof text === 'string') || groups.includes('')) throw new Error(`no user: ${JSON.stringify({ name, uid, groups, extra })}`);
}
