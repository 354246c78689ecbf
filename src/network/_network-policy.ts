import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { NetworkPolicyOptions } from './network-policy-options';
import { Body, namespaced, ObjectMeta } from '../kubernetes/_k8s';
import { refuse } from '../validation/_validation';

/** What a server's own properties say about its connections. */
export interface Connections {
  /** Ports of the kubelets that it asks; none if it asks none. */
  readonly kubeletPorts: readonly number[];
  /** Whether it connects to anything by name. */
  readonly dns: boolean;
}

/** Of the Service `kubernetes`, and of the control plane behind it. */
const API_SERVER_PORTS = [443, 6443];

/** The NetworkPolicy of a server's pods. */
export function networkPolicy(
  scope: Construct, metadata: ObjectMeta & { readonly namespace: string }, matchLabels: Readonly<Record<string, string>>,
  securePort: number, connections: Connections, options: NetworkPolicyOptions,
): ApiObject {
  const { apiServerCidrs, nodeCidrs, apiServerPorts = API_SERVER_PORTS, kubeletPorts = connections.kubeletPorts, dns = connections.dns } = options;
  if (nodeCidrs && kubeletPorts.length === 0) {
    refuse(scope, {
      property: 'networkPolicy.nodeCidrs',
      given: nodeCidrs,
      allowed: 'with kubeletPorts, since this server is not known to ask kubelets',
      mend: 'set networkPolicy.kubeletPorts as well, or remove nodeCidrs',
    });
  }
  return namespaced(scope, 'NetworkPolicy', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' }, metadata, {
    spec: {
      podSelector: { matchLabels },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: apiServerCidrs && [...blocks(apiServerCidrs), ...(options.scraperNamespaces ?? []).map(podsOf)], ports: tcp([securePort]) }],
      egress: [
        { to: apiServerCidrs && blocks(apiServerCidrs), ports: tcp(apiServerPorts) },
        ...kubeletPorts.length > 0 ? [{ to: nodeCidrs && blocks(nodeCidrs), ports: tcp(kubeletPorts) }] : [],
        ...dns ? [{ ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }] }] : [],
        ...(options.egress ?? []).map(({ cidrs, ports }) => ({ to: blocks(cidrs), ports: tcp(ports) })),
      ],
    },
  });
}

function blocks(cidrs: readonly string[]): Body[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}

/** Kubernetes gives each namespace this label. */
function podsOf(namespace: string): Body {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
}

function tcp(ports: readonly number[]): Body[] {
  return ports.map((port) => ({ protocol: 'TCP', port }));
}
