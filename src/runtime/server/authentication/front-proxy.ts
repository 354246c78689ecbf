import { FRONT_PROXY } from '../owner';
import { UserInfo } from '../user';
import { AuthenticationSettings, RequestHeaderSettings } from './authentication-settings';
import { Authenticator, Credentials } from './authenticator';
import { ClientCertificateVerifier } from './client-certificate-verifier';
import { subjectOf } from './peer-certificates';
import { RequestHeaders } from './request-headers';

/** Believes what kube-apiserver's headers say about the user, after its certificate proved that it is kube-apiserver. */
export class FrontProxyAuthenticator implements Authenticator {
  constructor(private readonly settings: () => AuthenticationSettings, private readonly verifier: ClientCertificateVerifier) {}

  async authenticate({ headers, peer: shown, recognized }: Credentials): Promise<UserInfo | undefined> {
    const settings = this.settings().requestHeader;
    const peer = settings && shown();
    if (!peer) return undefined;
    this.verifier.verify(peer, settings.clientCa);
    const { commonName } = subjectOf(peer);
    if (settings.allowedNames.length > 0 && !settings.allowedNames.includes(commonName)) {
      throw new Error(`x509: subject with cn=${commonName} is not in the allowed list`);
    }
    recognized?.(FRONT_PROXY);
    return userFromHeaders(headers, settings);
  }
}

function userFromHeaders(headers: RequestHeaders, settings: RequestHeaderSettings): UserInfo | undefined {
  const name = firstValue(headers, settings.usernameHeaders);
  if (name === undefined) return undefined;
  return {
    name,
    uid: firstValue(headers, settings.uidHeaders),
    groups: settings.groupHeaders.flatMap((header) => headers.all(header)).filter((group) => group !== ''),
    extra: extraFrom(headers, settings.extraHeadersPrefixes),
  };
}

function firstValue(headers: RequestHeaders, names: readonly string[]): string | undefined {
  return names.map((name) => headers.first(name)).find((value) => value !== undefined && value !== '');
}

function extraFrom(headers: RequestHeaders, prefixes: readonly string[]): Record<string, string[]> {
  const extra = new Map<string, string[]>();
  for (const [rest, values] of prefixes.flatMap((prefix) => headers.withPrefix(prefix))) {
    const key = unescapeKey(rest);
    extra.set(key, [...extra.get(key) ?? [], ...values]);
  }
  return Object.fromEntries(extra);
}

/** Header names may not hold a slash, so kube-apiserver escapes the keys. A key that cannot be decoded is taken as it is. */
function unescapeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
