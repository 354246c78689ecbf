import { MetricsApiOptions } from '../../../../src/runtime/api/metrics/metrics-api';
import { Lister } from '../../../../src/runtime/cluster/lister';
import { NodeRecord } from '../../../../src/runtime/cluster/node';
import { ObjectMetadata } from '../../../../src/runtime/cluster/object-metadata';
import { NodeUsage, PodUsage, UsageReader } from '../../../../src/runtime/store/usage';
import { nodeRecordOf } from '../../cluster/node-record';
import { ManualClock } from '../../manual-clock';

export function pod(namespace: string, name: string, labels: Record<string, string> = {}): ObjectMetadata {
  const json = Object.keys(labels).length === 0 ? undefined : JSON.stringify(labels);
  return { namespace, name, labels: { values: labels, json } };
}

export function node(name: string, labels: Record<string, string> = {}): NodeRecord {
  return nodeRecordOf(name, pod('', name, labels));
}

export function registryOf<T extends ObjectMetadata>(...objects: T[]): Lister<T> {
  return {
    synced: true,
    size: objects.length,
    get: (namespace, name) => objects.find(object => object.namespace === namespace && object.name === name),
    list: namespace => objects.filter(object => namespace === undefined || object.namespace === namespace),
  };
}

/** @param nodeOf by namespace and name of the pod */
export function usageOf(nodes: Record<string, NodeUsage>, pods: Record<string, PodUsage>, nodeOf: Record<string, string> = {}): UsageReader {
  return {
    node: name => nodes[name],
    pod: (namespace, name) => pods[`${namespace}/${name}`],
    nodeOf: (namespace, name) => nodeOf[`${namespace}/${name}`],
    podsOn: nodeName => Object.keys(nodeOf).sort().filter(key => nodeOf[key] === nodeName).map(key => {
      const [namespace, name] = key.split('/');
      return { namespace, name };
    }),
    ready: true,
  };
}

const sampleMs = Date.parse('2026-11-21T02:11:03.750Z');

function nodeUsage(cpuNanocores: number, windowMs: number): NodeUsage {
  return { timestampMs: sampleMs, windowNanoseconds: windowMs * 1e6, cpuNanocores, memoryBytes: 1578392 * 1024 };
}

function podUsage(...containers: [name: string, cpuNanocores: number, memoryBytes: number][]): PodUsage {
  return {
    timestampMs: sampleMs,
    windowNanoseconds: 9989e6,
    containers: containers.map(([name, cpuNanocores, memoryBytes]) => ({ name, cpuNanocores, memoryBytes })),
  };
}

/** The cluster that metrics-server's answers were recorded in: `node-down` and `default/nometrics` have no usage. */
export function recordedCluster(): Omit<MetricsApiOptions, 'version'> {
  return {
    clock: new ManualClock(Date.parse('2026-11-21T02:11:10.500Z')),
    nodes: registryOf(
      node('node-a', { 'kubernetes.io/hostname': 'node-a', 'zone': 'a' }),
      node('node-b', { 'kubernetes.io/hostname': 'node-b', 'zone': 'b' }),
      node('node-down'),
    ),
    pods: registryOf(
      pod('default', 'nometrics'),
      pod('default', 'two-c', { app: 'two' }),
      pod('default', 'web-1', { app: 'web' }),
      pod('kube-system', 'coredns-1', { 'k8s-app': 'kube-dns' }),
    ),
    usage: usageOf({
      'node-a': nodeUsage(357369443, 9988),
      'node-b': nodeUsage(357352988, 9989),
    }, {
      'default/two-c': podUsage(['zz', 999999, 1000], ['aa', 249998598, 1024 ** 3]),
      'default/web-1': podUsage(['web', 1499991690, 50 * 1024 ** 2]),
      'kube-system/coredns-1': podUsage(['coredns', 12345680, 12240 * 1024]),
    }, { 'default/two-c': 'node-b', 'default/web-1': 'node-a', 'default/nometrics': 'node-a', 'kube-system/coredns-1': 'node-a' }),
  };
}
