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

/** The first address of the most wanted type that the node has; undefined when it has none of the types. */
export function kubeletAddress(node: NodeRecord, rules: KubeletAddressRules): KubeletAddress | undefined {
  const port = rules.useNodeStatusPort && node.kubeletPort !== 0 ? node.kubeletPort : rules.port;
  for (const type of rules.preferredTypes) {
    const host = node.addresses.find(candidate => candidate.type === type && candidate.address !== '')?.address;
    if (host !== undefined) return { host, port, hostPort: isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}` };
  }
  return undefined;
}

export function noAddress(node: NodeRecord, rules: KubeletAddressRules): ScrapeFailure {
  const offered = [...new Set(node.addresses.map(({ type }) => type))].join(', ') || 'none';
  return {
    reason: 'no-address',
    message: `no address of type ${rules.preferredTypes.join(', ')}; the node's status offers ${offered} (--kubelet-preferred-address-types)`,
  };
}
