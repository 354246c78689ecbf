import { AuditEvent } from './event';
import { goQuote } from '../../go-quote';

/** An event as one line of text, in the form that Kubernetes calls legacy. */
export function legacyLine({
  requestReceivedTimestamp, auditID, stage, sourceIPs, verb, user, impersonatedUser, userAgent, objectRef, requestURI, responseStatus,
}: AuditEvent): string {
  const groups = user.username && user.groups?.length ? quoted(user.groups) : '<none>';
  const fields = {
    'id': auditID,
    stage,
    'ip': sourceIPs?.[0] ?? '<unknown>',
    'method': verb,
    'user': user.username || '<none>',
    groups,
    'as': impersonatedUser?.username ?? '<self>',
    'asgroups': impersonatedUser?.groups ? quoted(impersonatedUser.groups) : '<lookup>',
    'user-agent': userAgent ?? '',
    'namespace': objectRef?.namespace ?? '<none>',
    'uri': requestURI,
    'response': String(responseStatus?.code ?? '<deferred>'),
  };
  const time = requestReceivedTimestamp.replace(/\.?0+Z$/, 'Z');
  return `${time} AUDIT: ${Object.entries(fields).map(([name, value]) => `${name}=${goQuote(value)}`).join(' ')}`;
}

function quoted(groups: readonly string[]): string {
  return groups.map((group) => goQuote(group)).join(',');
}
