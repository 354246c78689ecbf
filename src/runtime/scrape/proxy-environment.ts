import { BlockList, isIP, isIPv6 } from 'node:net';

/** An HTTP proxy. */
export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** Value of the Proxy-Authorization header, when there is one. */
  readonly authorization?: string;
}

interface Destination {
  readonly host: string;
  readonly port: number;
}

/** The proxy on the way to a destination; undefined for the direct way. */
export type ProxyRule = (destination: Destination) => Proxy | undefined;

/**
 * What HTTPS_PROXY and NO_PROXY say, read as Go's programs read them: NO_PROXY lists `*`, addresses, CIDRs, names with all below them, and
 * `.names` for those below alone, each with or without a port. This machine itself is never asked through a proxy.
 *
 * @throws Error when HTTPS_PROXY is no URL of an HTTP proxy
 */
export function proxyRule(env: NodeJS.ProcessEnv): ProxyRule {
  const text = env.HTTPS_PROXY || env.https_proxy;
  if (!text) return () => undefined;
  const proxy = proxyAt(text);
  const entries = (env.NO_PROXY || env.no_proxy || '').toLowerCase().split(',').map((entry) => entry.trim());
  const exceptions = entries.filter((entry) => entry !== '').map(exception);
  return (destination) => isThisMachine(destination.host) || exceptions.some((matches) => matches(destination)) ? undefined : proxy;
}

/** Credentials in the URL are for the proxy alone: no message names it. */
function proxyAt(text: string): Proxy {
  const given = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol !== 'http:') throw new Error('HTTPS_PROXY must be the URL of an HTTP proxy, http://host:port');
  const user = [url.username, url.password].map(decodeURIComponent).join(':');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 80),
    authorization: user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`,
  };
}

function exception(entry: string): (destination: Destination) => boolean {
  if (entry === '*') return () => true;
  const [address, bits] = entry.split('/');
  if (bits !== undefined) return isIP(address) && /^\d{1,3}$/.test(bits) ? inSubnet(address, Number(bits)) : () => false;
  const [, name, portText] = isIP(entry) ? [entry, entry] : /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry)!;
  const matchesName = isIP(name) ? inSubnet(name, isIPv6(name) ? 128 : 32) : ({ host }: Destination) => isName(host, name);
  return (destination) => (portText === undefined || destination.port === Number(portText)) && matchesName(destination);
}

function inSubnet(address: string, bits: number): (destination: Destination) => boolean {
  const list = new BlockList();
  if (bits > (isIPv6(address) ? 128 : 32)) return () => false;
  list.addSubnet(address, bits, family(address));
  return ({ host }) => isIP(host) > 0 && list.check(host, family(host));
}

function isName(host: string, name: string): boolean {
  const below = name.replace(/^\*?\.?/, '.');
  return host.toLowerCase() === name || host.toLowerCase().endsWith(below);
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isThisMachine(host: string): boolean {
  return host === 'localhost' || isIP(host) > 0 && LOOPBACK.check(host, family(host));
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
