import { NODE_SWAP_BYTES, SimulatedNode, SimulatedPod } from './fleet';
import { KubeObject } from './kube-object';

/** Where a node's kubelet listens. */
export interface KubeletEndpoint {
  readonly host: string;
  readonly port: number;
}

/** The Node object of a simulated node. */
export function nodeObject(node: SimulatedNode, kubelet: KubeletEndpoint): KubeObject {
  const size = { cpu: String(node.cpuCores), memory: `${node.memoryBytes / 1024}Ki`, pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/zone': node.zone,
      },
    },
    spec: {},
    status: {
      addresses: [{ type: 'InternalIP', address: kubelet.host }, { type: 'Hostname', address: node.name }],
      capacity: size,
      allocatable: size,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }],
      daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } },
      nodeInfo: { architecture: 'amd64', operatingSystem: 'linux', kubeletVersion: 'v1.34.4', swap: { capacity: NODE_SWAP_BYTES } },
    },
  };
}

/** The Pod object of a simulated pod. */
export function podObject(pod: SimulatedPod, nodeName: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: pod.namespace, name: pod.name, labels: pod.labels },
    spec: { nodeName, containers: pod.containers.map(({ name }) => ({ name, image: `registry.example.com/${name}:1.0` })) },
    status: { phase: 'Running' },
  };
}

/** What kube-apiserver publishes for extension API servers: how to know users and the front proxy. */
export function authenticationConfigMap(clientCa: string, frontProxyCa: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'kube-system', name: 'extension-apiserver-authentication' },
    data: {
      'client-ca-file': clientCa,
      'requestheader-allowed-names': '["front-proxy-client"]',
      'requestheader-client-ca-file': frontProxyCa,
      'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
      'requestheader-group-headers': '["X-Remote-Group"]',
      'requestheader-username-headers': '["X-Remote-User"]',
    },
  };
}
