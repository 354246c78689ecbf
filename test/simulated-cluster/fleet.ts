import { ContainerStats, NodeStats, PodStats, Sample } from './kubelet-page';

/** What the simulated cluster consists of; the same numbers give the same cluster. */
export interface FleetProps {
  readonly nodes: number;
  /** In all, dealt out to the nodes in turn. */
  readonly pods: number;
  /** When the cluster is looked at first, Unix milliseconds: everything started before it. */
  readonly epochMs: number;
}

/** CPU that swings around a mean, so that usage moves and its integral is known exactly. */
export interface Load {
  readonly meanCores: number;
  /** Part of the mean by which CPU rises and falls, below 1. */
  readonly swing: number;
  readonly periodSeconds: number;
  /** Radians. */
  readonly phase: number;
  readonly memoryBytes: number;
  /** @default 0 */
  readonly swapBytes?: number;
}

export interface SimulatedContainer {
  readonly name: string;
  readonly startMs: number;
  readonly load: Load;
  /** When, within the kubelet's housekeeping interval, this container is looked at. */
  readonly housekeepingOffsetMs: number;
}

export interface SimulatedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly SimulatedContainer[];
}

export interface SimulatedNode {
  readonly name: string;
  readonly zone: string;
  readonly bootMs: number;
  readonly cpuCores: number;
  readonly memoryBytes: number;
  /** What the node uses beside its pods. */
  readonly system: Load;
  readonly pods: readonly SimulatedPod[];
}

/** Interval at which the kubelet looks at each container (cAdvisor's housekeeping). */
export const HOUSEKEEPING_INTERVAL_MS = 10_000;

const MIB = 2 ** 20;
const HOUR_MS = 3_600_000;
const NODE_MEMORY_BYTES = 8192 * MIB;
const NODE_CPU_CORES = 4;
export const NODE_SWAP_BYTES = 1024 * MIB;
const REDIS_SWAP_BYTES = 24 * MIB;

/** Deployments that the pods belong to, in turn. */
const WORKLOADS = [
  { namespace: 'kube-system', app: 'coredns', containers: ['coredns'] },
  { namespace: 'shop', app: 'frontend', containers: ['nginx'] },
  { namespace: 'shop', app: 'checkout', containers: ['app', 'istio-proxy'] },
  { namespace: 'shop', app: 'cart', containers: ['app'] },
  { namespace: 'data', app: 'postgres', containers: ['postgres', 'exporter'] },
  { namespace: 'data', app: 'redis', containers: ['redis'] },
] as const;

/** The nodes, pods and containers of a simulated cluster. */
export function createFleet({ nodes, pods, epochMs }: FleetProps): SimulatedNode[] {
  const podsOfNode: SimulatedPod[][] = Array.from({ length: nodes }, () => []);
  for (let index = 0; index < pods; index++) podsOfNode[index % nodes].push(createPod(index, epochMs));
  return podsOfNode.map((podsHere, index) => ({
    name: `node-${index + 1}`,
    zone: `zone-${'abc'[index % 3]}`,
    bootMs: epochMs - 30 * HOUR_MS,
    cpuCores: NODE_CPU_CORES,
    memoryBytes: NODE_MEMORY_BYTES,
    system: createLoad(`node-${index + 1}`, 0.15, 900 * MIB),
    pods: podsHere,
  }));
}

/** What the node's kubelet knows at a moment. */
export function readNodeStats(node: SimulatedNode, nowMs: number): NodeStats {
  const sampleMs = lastHousekeepingMs(nowMs, hash(node.name) % HOUSEKEEPING_INTERVAL_MS);
  const own = sampleAt(node.system, node.bootMs, sampleMs);
  const used = node.pods.flatMap((pod) => pod.containers)
    .filter((container) => container.startMs < sampleMs)
    .map((container) => sampleAt(container.load, container.startMs, sampleMs));
  return {
    readMs: nowMs,
    sample: {
      timestampMs: sampleMs,
      cpuSeconds: toMicroseconds([own, ...used].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)),
      memoryBytes: [own, ...used].reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
      swapBytes: [own, ...used].reduce((sum, { swapBytes = 0 }) => sum + swapBytes, 0),
    },
    pods: node.pods.map((pod) => readPodStats(pod, nowMs)),
  };
}

/** CPU used since `startMs`, in core-seconds: the integral of the load. */
export function cpuSecondsOf(load: Load, startMs: number, nowMs: number): number {
  const elapsedSeconds = (nowMs - startMs) / 1000;
  const radiansPerSecond = 2 * Math.PI / load.periodSeconds;
  const swung = Math.cos(load.phase) - Math.cos(radiansPerSecond * elapsedSeconds + load.phase);
  return load.meanCores * (elapsedSeconds + load.swing * swung / radiansPerSecond);
}

function readPodStats(pod: SimulatedPod, nowMs: number): PodStats {
  const containers = pod.containers.map((container) => readContainerStats(container, nowMs));
  const samples = containers.flatMap(({ sample }) => sample ?? []);
  // The sandbox's own process and page cache make a pod a little more than its containers.
  const sandboxMemoryBytes = MIB;
  return {
    namespace: pod.namespace,
    name: pod.name,
    containers,
    sample: samples.length === 0 ? undefined : {
      timestampMs: Math.min(...samples.map(({ timestampMs }) => timestampMs)),
      cpuSeconds: toMicroseconds(samples.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0.02)),
      memoryBytes: samples.reduce((sum, { memoryBytes }) => sum + memoryBytes, sandboxMemoryBytes),
      swapBytes: samples.reduce((sum, { swapBytes = 0 }) => sum + swapBytes, 0),
    },
  };
}

function readContainerStats(container: SimulatedContainer, nowMs: number): ContainerStats {
  const sampleMs = lastHousekeepingMs(nowMs, container.housekeepingOffsetMs);
  return {
    name: container.name,
    startSeconds: container.startMs / 1000,
    sample: sampleMs > container.startMs ? sampleAt(container.load, container.startMs, sampleMs) : undefined,
  };
}

function sampleAt(load: Load, startMs: number, timestampMs: number): Sample {
  const wave = Math.sin(2 * Math.PI * (timestampMs - startMs) / 1000 / load.periodSeconds + load.phase);
  const pages = Math.round(load.memoryBytes * (1 + 0.05 * wave) / 4096);
  return { timestampMs, cpuSeconds: toMicroseconds(cpuSecondsOf(load, startMs, timestampMs)), memoryBytes: pages * 4096, swapBytes: load.swapBytes };
}

function lastHousekeepingMs(nowMs: number, offsetMs: number): number {
  return Math.floor((nowMs - offsetMs) / HOUSEKEEPING_INTERVAL_MS) * HOUSEKEEPING_INTERVAL_MS + offsetMs;
}

function createPod(index: number, epochMs: number): SimulatedPod {
  const { namespace, app, containers } = WORKLOADS[index % WORKLOADS.length];
  const templateHash = nameSuffix(hash(app) * 1009, 9);
  // The factor has no divisor in common with 27, so no two pods share a name.
  const name = `${app}-${templateHash}-${nameSuffix((index + 1) * 7_654_321, 5)}`;
  return {
    namespace,
    name,
    labels: { 'app': app, 'pod-template-hash': templateHash },
    containers: containers.map((container) => {
      const seed = `${name}/${container}`;
      return {
        name: container,
        startMs: epochMs - HOUR_MS - hash(seed) % (24 * HOUR_MS),
        load: { ...createLoad(seed, 0.2, 200 * MIB), swapBytes: app === 'redis' ? REDIS_SWAP_BYTES : 0 },
        housekeepingOffsetMs: hash(`${seed}/housekeeping`) % HOUSEKEEPING_INTERVAL_MS,
      };
    }),
  };
}

function createLoad(seed: string, meanCores: number, memoryBytes: number): Load {
  const part = (salt: string) => hash(`${seed}#${salt}`) % 1000 / 1000;
  return {
    meanCores: meanCores * (0.1 + 0.9 * part('cores')),
    swing: 0.3 + 0.5 * part('swing'),
    periodSeconds: 60 + Math.floor(240 * part('period')),
    phase: 2 * Math.PI * part('phase'),
    memoryBytes: memoryBytes * (0.2 + 0.8 * part('memory')),
  };
}

function toMicroseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

// The letters that Kubernetes makes name suffixes from: no vowels, so no words.
const NAME_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** Different values below 27 ** length give different suffixes. */
function nameSuffix(value: number, length: number): string {
  return Array.from({ length }, (_, index) => NAME_LETTERS[Math.floor(value / NAME_LETTERS.length ** index) % NAME_LETTERS.length]).join('');
}

/** FNV-1a of 32 bits. */
function hash(text: string): number {
  /* eslint-disable no-bitwise */
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return (value ^ value >>> 15) >>> 0;
  /* eslint-enable no-bitwise */
}
