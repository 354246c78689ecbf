import { isIP } from 'node:net';
import { CertificateRequest } from './certificate-request';
import { SIGNER, SigningRequest } from './signing-request';

const USER_PREFIX = 'system:node:';
const GROUP = 'system:nodes';

/** `key encipherment` is for RSA keys; kubelets ask for it with others too before 1.27. */
const USAGES = ['digital signature', 'server auth'];
const OPTIONAL_USAGE = 'key encipherment';

/** Why a request is left alone, as a label of the metric. */
export type Reason =
  | 'signer' | 'username' | 'groups' | 'usages' | 'unreadable' | 'subject' | 'extension' | 'no_name'
  | 'node_missing' | 'dns_name' | 'ip_address';

/** What keeps a request from being approved. */
export interface Objection {
  readonly reason: Reason;
  /** What was asked for and what may be, in a line. */
  readonly message: string;
  /** The Node object may yet come to have what is missing: a kubelet asks as soon as it starts. */
  readonly mayPass: boolean;
}

/** A v1 Node, as far as it is looked at. */
export interface NodeObject {
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

/** The node that asks, by what kube-apiserver says of the requester; an objection if no kubelet asks, or for another purpose. */
export function requestingNode({ spec: { signerName, username = '', groups = [], usages = [] } }: SigningRequest): { node: string } | Objection {
  if (signerName !== SIGNER) return never('signer', `signerName is ${signerName}, not ${SIGNER}`);
  const node = username.startsWith(USER_PREFIX) ? username.slice(USER_PREFIX.length) : '';
  if (node === '') return never('username', `${username} is no ${USER_PREFIX}NAME`);
  if (!groups.includes(GROUP)) return never('groups', `${username} is not in group ${GROUP}`);
  const asked = usages.filter((usage) => usage !== OPTIONAL_USAGE);
  const repeats = new Set(usages).size !== usages.length;
  if (repeats || asked.length !== USAGES.length || !USAGES.every((usage) => asked.includes(usage))) {
    return never('usages', `usages are ${usages.join(', ')}, not ${USAGES.join(', ')} with or without ${OPTIONAL_USAGE}`);
  }
  return { node };
}

/** An objection to the certificate that a node asks for, by the names in it alone. */
export function objectionToSubject({ subject, dnsNames, ipAddresses, others }: CertificateRequest, node: string): Objection | undefined {
  const wanted = [['CN', `${USER_PREFIX}${node}`], ['O', GROUP]];
  const given = [...subject].sort(([a], [b]) => (a < b ? -1 : 1));
  if (JSON.stringify(given) !== JSON.stringify(wanted)) {
    return never('subject', `the subject is ${nameOf(subject)}, not ${nameOf(wanted)}`);
  }
  if (others.length > 0) return never('extension', `more is asked for than DNS names and IP addresses: ${others.join(', ')}`);
  return dnsNames.length + ipAddresses.length === 0 ? never('no_name', 'no DNS name and no IP address is asked for') : undefined;
}

/** An objection as long as the node does not have each DNS name and IP address that it asks for. */
export function objectionToAddresses(
  { dnsNames, ipAddresses }: CertificateRequest, name: string, node: NodeObject | undefined,
): Objection | undefined {
  if (node === undefined) return notYet('node_missing', `there is no node ${name}`);
  // As kubelets sort them (kubernetes pkg/kubelet/certificate): a host name that is an IP address, as after --hostname-override, is asked for as one.
  const isIp = (type: string, address: string) => type.endsWith('IP') || type === 'Hostname' && isIP(address) > 0;
  const addresses = (node.status?.addresses ?? []).map(({ type, address }) => ({ isIp: isIp(type, address), address }));
  const own = (ofIps: boolean, canonical: (address: string) => string): Set<string> => (
    new Set(addresses.filter((one) => one.isIp === ofIps).map(({ address }) => canonical(address)))
  );
  const hosts = own(false, canonicalHost);
  const ips = own(true, canonicalIp);
  const host = dnsNames.find((one) => !hosts.has(canonicalHost(one)));
  if (host !== undefined) return notYet('dns_name', `${host} is no address of node ${name}, which has ${listOf(hosts)}`);
  const ip = ipAddresses.find((one) => !ips.has(canonicalIp(one)));
  return ip === undefined ? undefined : notYet('ip_address', `${ip} is no address of node ${name}, which has ${listOf(ips)}`);
}

function never(reason: Reason, message: string): Objection {
  return { reason, message, mayPass: false };
}

function notYet(reason: Reason, message: string): Objection {
  return { reason, message, mayPass: true };
}

function canonicalHost(name: string): string {
  return name.toLowerCase();
}

/** An IPv4 address as IPv6 spells it, in a URL. Go, and so whoever verifies a kubelet, takes the two for one. */
const MAPPED = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;

/** Addresses have several spellings. No URL has one with a zone, and no certificate either. */
function canonicalIp(address: string): string {
  if (isIP(address) !== 6 || address.includes('%')) return address;
  const { hostname } = new URL(`http://[${address}]`);
  const [, ...halves] = MAPPED.exec(hostname) ?? [];
  return halves.length === 0 ? hostname : halves.flatMap((half) => [...Buffer.from(half.padStart(4, '0'), 'hex')]).join('.');
}

function nameOf(subject: readonly (readonly string[])[]): string {
  return subject.map(([type, value]) => `${type}=${value}`).join(', ') || 'empty';
}

function listOf(addresses: ReadonlySet<string>): string {
  return [...addresses].join(', ') || 'none';
}
