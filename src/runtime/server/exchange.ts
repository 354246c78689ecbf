import { randomUUID } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { AuditTrail } from './audit/auditor';
import { PeerCertificates } from './authentication/peer-certificates';
import { RequestHeaders } from './authentication/request-headers';
import { Owner } from './owner';
import { Preferences, Reply } from './reply';
import { RequestInfo, SplitUrl, splitUrl } from './request-info';
import { Deadline, RequestTimeout } from './request-timeout';
import { Stop } from '../clock';

/** What the connection has of a request. */
export interface Connected {
  /** Told whose it is. */
  readonly recognized: (owner: Owner) => void;
  /** What the client showed. */
  readonly peer: () => PeerCertificates | undefined;
  readonly deadline: Deadline;
  /** What a PUT brings. */
  readonly text?: Promise<string>;
}

/** One request on its way through the chain of handlers. */
export interface Exchange extends Omit<Connected, 'deadline'> {
  readonly method: string;
  readonly url: string;
  /** The same in its parts. */
  readonly target: SplitUrl;
  readonly headers: RequestHeaders;
  readonly preferences: Preferences;
  readonly timeout: RequestTimeout;
  readonly auditId: string;
  /** Unix time at which it arrived. */
  readonly receivedMs: number;
  readonly remoteAddress: () => string | undefined;
  /** Of an audited request. */
  trail?: AuditTrail;
  /** Unknown until the URL is read. */
  info?: RequestInfo;
  /** Called when the exchange is over. */
  release?: Stop;
}

export function exchangeOf(request: IncomingMessage, { recognized, peer, text }: Connected, timeout: RequestTimeout, receivedMs: number): Exchange {
  const headers = new RequestHeaders(request.rawHeaders);
  const url = request.url ?? '/';
  const target = splitUrl(url);
  return {
    recognized,
    peer,
    text,
    method: request.method ?? 'GET',
    url,
    target,
    headers,
    preferences: { accept: headers.first('accept'), pretty: isPretty(target, headers.first('user-agent') ?? '') },
    timeout,
    auditId: auditIdOf(headers),
    receivedMs,
    remoteAddress: () => request.socket.remoteAddress,
  };
}

/** What every answer says. */
export function withCommonHeaders(reply: Reply, { auditId, headers }: Exchange): Reply {
  return { ...reply, headers: { ...commonHeaders(headers, auditId), ...spaceWarning(headers), ...reply.headers } };
}

/** What every answer has. */
export function commonHeaders(headers: RequestHeaders, auditId = auditIdOf(headers)): Record<string, string> {
  return { 'audit-id': auditId, 'cache-control': 'no-cache, private' };
}

/** Asked for by parameter; otherwise people, who use browsers and command-line tools, get it. */
function isPretty({ query }: SplitUrl, userAgent: string): boolean {
  const parameter = query.get('pretty');
  return parameter ? ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(parameter) : /^(?:curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

/** kube-apiserver's, so that the events of both can be told to belong together. */
function auditIdOf(headers: RequestHeaders): string {
  const given = headers.first('audit-id');
  return given && /^[\x21-\x7e]{1,64}$/.test(given) ? given : randomUUID();
}

/** The client believes to have shown a token. */
function spaceWarning(headers: RequestHeaders): Record<string, string> {
  return /^bearer {2}/i.test(headers.first('authorization')?.trim() ?? '')
    ? { warning: '299 - "the provided Authorization header contains extra space before the bearer token, and is ignored"' }
    : {};
}
