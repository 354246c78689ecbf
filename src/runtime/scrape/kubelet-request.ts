import { Credentials } from '../cluster/cluster-config';

const USER_AGENT = 'cdk8s-metrics-server';

/** Requests for kubelets' pages, as on the wire. What they have in common is made once for each token. */
export class KubeletRequests {
  private bearerToken: string | undefined;
  private commonHeaders: string;

  constructor(private readonly acceptsGzip = false) {
    this.commonHeaders = commonHeaders(undefined, acceptsGzip);
  }

  /** @throws Error when the token is none */
  of(target: string, hostPort: string, { bearerToken }: Credentials): string {
    if (bearerToken !== this.bearerToken) {
      this.commonHeaders = commonHeaders(bearerToken, this.acceptsGzip);
      this.bearerToken = bearerToken;
    }
    return `GET ${target} HTTP/1.1\r\nHost: ${hostPort}\r\n${this.commonHeaders}`;
  }
}

function commonHeaders(bearerToken: string | undefined, acceptsGzip: boolean): string {
  const lines = [`User-Agent: ${USER_AGENT}`, `Accept-Encoding: ${acceptsGzip ? 'gzip' : 'identity'}`];
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
