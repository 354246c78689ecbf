import { isIPv6 } from 'node:net';
import { ScrapeFailure } from './outcome';
import { NodeRecord } from '../cluster/node';

/** Where a kubelet listens. */
export interface KubeletAddress {
  readonly host: string;
  readonly port: number;
  /** IPv6 addresses in brackets. */
  readonly hostPort: string;
}

export interface KubeletAddressRules {
  /** Address types, the most wanted first. */
  readonly preferredTypes: readonly string[];
  readonly port: number;
  /** Take the port that the node's status names, if it names one. */
  readonly useNodeStatusPort: boolean;
}

/** A node may list any number of addresses; a kubelet that answers at none of these is not waited for any longer. */
const MAX_ADDRESSES = 8;

/** In the order in which they are tried: by type, the most wanted first, within a type in the node's own order, of whatever family. */
export function kubeletAddresses(node: NodeRecord, rules: KubeletAddressRules): readonly KubeletAddress[] {
  const port = rules.useNodeStatusPort && node.kubeletPort !== 0 ? node.kubeletPort : rules.port;
  const hosts = rules.preferredTypes.flatMap((wanted) => node.addresses.filter(({ type }) => type === wanted)).map(({ address }) => address);
  const usable = [...new Set(hosts)].filter((host) => host !== '').slice(0, MAX_ADDRESSES);
  return usable.map((host) => ({ host, port, hostPort: isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}` }));
}

/** What the certificate of the kubelet at `host` may name. Whatever a node says of itself, it has no certificate of another's name. */
export function serverNames(host: string, node: NodeRecord): readonly string[] {
  return [...new Set([host, node.name, ...node.addresses.map(({ address }) => address)])].filter((name) => name !== '');
}

export function noAddress(node: NodeRecord, rules: KubeletAddressRules): ScrapeFailure {
  const offered = [...new Set(node.addresses.map(({ type }) => type))].join(', ') || 'none';
  return {
    reason: 'no-address',
    message: `no address of type ${rules.preferredTypes.join(', ')}; the node's status offers ${offered} (--kubelet-preferred-address-types)`,
  };
}
