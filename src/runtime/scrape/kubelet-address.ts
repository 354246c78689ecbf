import { isIPv6 } from 'node:net';
import { ScrapeFailure } from './outcome';
import { printable } from './printable';
import { NodeRecord } from '../cluster/node';
import { METRICS_PORT_ANNOTATION } from '../cluster/nodes';

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

const MAX_PORT = 65_535;

/** In the order in which they are tried: by type, the most wanted first, within a type in the node's own order, of whatever family. */
export function kubeletAddresses(node: NodeRecord, rules: KubeletAddressRules): readonly KubeletAddress[] {
  const port = portOf(node, rules);
  if (port === undefined) return [];
  const hosts = rules.preferredTypes.flatMap((wanted) => node.addresses.filter(({ type }) => type === wanted)).map(({ address }) => address);
  const usable = [...new Set(hosts)].filter((host) => host !== '').slice(0, MAX_ADDRESSES);
  return usable.map((host) => ({ host, port, hostPort: isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}` }));
}

/** What the certificate of the kubelet at `host` may name. Whatever a node says of itself, it has no certificate of another's name. */
export function serverNames(host: string, node: NodeRecord): readonly string[] {
  return [...new Set([host, node.name, ...node.addresses.map(({ address }) => address)])].filter((name) => name !== '');
}

/** The node's annotation wins, then its status; undefined when the annotation has none. */
function portOf({ metricsPort, kubeletPort }: NodeRecord, rules: KubeletAddressRules): number | undefined {
  if (metricsPort === undefined) return rules.useNodeStatusPort && kubeletPort !== 0 ? kubeletPort : rules.port;
  const port = Number(metricsPort);
  return /^\d{1,5}$/.test(metricsPort) && port > 0 && port <= MAX_PORT ? port : undefined;
}

export function noAddress(node: NodeRecord, rules: KubeletAddressRules): ScrapeFailure {
  if (portOf(node, rules) === undefined) {
    const given = printable(JSON.stringify(node.metricsPort), 40);
    return { reason: 'no-address', message: `the node's annotation ${METRICS_PORT_ANNOTATION} is ${given}; it must be a port from 1 to ${MAX_PORT}` };
  }
  const offered = [...new Set(node.addresses.map(({ type }) => type))].join(', ') || 'none';
  return {
    reason: 'no-address',
    message: `no address of type ${rules.preferredTypes.join(', ')}; the node's status offers ${offered} (--kubelet-preferred-address-types)`,
  };
}
