import { Credentials } from '../cluster/cluster-config';

const USER_AGENT = 'cdk8s-metrics-server';

/** The request for a kubelet's page, as bytes on the wire. */
export function kubeletRequest(target: string, hostPort: string, credentials: Credentials): string {
  const lines = [`GET ${target} HTTP/1.1`, `Host: ${hostPort}`, `User-Agent: ${USER_AGENT}`, 'Accept-Encoding: identity'];
  const { bearerToken } = credentials;
  if (bearerToken !== undefined) {
    if (!/^[\x21-\x7e]+$/.test(bearerToken)) throw new Error('the bearer token has characters that no header may have');
    lines.push(`Authorization: Bearer ${bearerToken}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** As Go writes URL.Path: the path comes from an annotation, so `?`, `#` and `%` in it are just characters. */
export function escapePath(path: string): string {
  const wellFormed = Buffer.from(path.startsWith('/') ? path : `/${path}`).toString();
  return encodeURI(wellFormed).replace(/[?#]/g, encodeURIComponent);
}
