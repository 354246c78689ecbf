import { UserInfo } from '../user';
import { Authenticator, Credentials } from './authenticator';
import { BearerTokenAuthenticator } from './bearer-token';
import { RequestHeaders } from './request-headers';

/** Browsers can set no other header of a WebSocket. */
const HEADER = 'sec-websocket-protocol';
const PREFIX = 'base64url.bearer.authorization.k8s.io.';

/** A token among the subprotocols that a WebSocket is asked for with. Nothing here opens one; who asks is told who they are, as with k8s.io/apiserver. */
export class WebSocketTokenAuthenticator implements Authenticator {
  constructor(private readonly tokens: BearerTokenAuthenticator) {}

  async authenticate({ headers, remoteAddress }: Credentials): Promise<UserInfo | undefined> {
    const token = isWebSocket(headers) ? tokenAmong(headers.all(HEADER).flatMap((value) => value.split(',')).map((one) => one.trim())) : '';
    return token === '' ? undefined : this.tokens.userOf(token, remoteAddress());
  }
}

function isWebSocket(headers: RequestHeaders): boolean {
  return headers.first('upgrade')?.toLowerCase() === 'websocket' && headers.all('connection').some((value) => /upgrade/i.test(value));
}

/** Empty when there is none. */
function tokenAmong(protocols: readonly string[]): string {
  const [encoded, ...more] = protocols.filter((one) => one.startsWith(PREFIX)).map((one) => one.slice(PREFIX.length));
  if (more.length > 0) throw new Error('multiple base64.bearer.authorization tokens specified');
  if (encoded === undefined) return '';
  if (!/^[\w-]*$/.test(encoded) || encoded.length % 4 === 1) throw new Error('invalid base64.bearer.authorization token encoding');
  const bytes = Buffer.from(encoded, 'base64url');
  const token = bytes.toString();
  if (!Buffer.from(token).equals(bytes)) throw new Error('invalid base64.bearer.authorization token');
  // The server answers with one of the protocols, and that must not be the token.
  if (token !== '' && protocols.length === 1) throw new Error('missing additional subprotocol');
  return token;
}
