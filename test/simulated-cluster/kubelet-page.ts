/** Counters at one moment. */
export interface Sample {
  readonly timestampMs: number;
  /** Core-seconds since the start. */
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  /** @default 0 */
  readonly swapBytes?: number;
}

export interface ContainerStats {
  readonly name: string;
  /** Unix time. */
  readonly startSeconds: number;
  /** Undefined until the kubelet has looked at the container once. */
  readonly sample: Sample | undefined;
}

export interface PodStats {
  readonly namespace: string;
  readonly name: string;
  readonly containers: readonly ContainerStats[];
  readonly sample: Sample | undefined;
}

export interface NodeStats {
  /** When the page is read: the time of the container swap series. */
  readonly readMs: number;
  readonly sample: Sample;
  readonly pods: readonly PodStats[];
}

type Labels = Readonly<Record<string, string>>;

interface Series {
  readonly labels: Labels;
  readonly value: number;
  /** Written after the value, if the family has timestamps. */
  readonly timestampMs?: number;
}

const SWAP_REMARK = 'Reported only on non-windows systems';

/** A kubelet's `/metrics/resource` page, byte for byte as kubelet 1.34 writes it. */
export function renderKubeletPage({ readMs, sample, pods: podStats }: NodeStats): string {
  const pods = podStats.map((pod) => ({ labels: { namespace: pod.namespace, pod: pod.name }, ...pod })).sort(byLabels);
  const containers = pods.flatMap((pod) => pod.containers.map((container) => ({
    labels: { container: container.name, namespace: pod.namespace, pod: pod.name }, ...container,
  }))).sort(byLabels);
  const sampledPods = pods.flatMap((pod) => pod.sample ? { labels: pod.labels, ...pod.sample } : []);
  const sampledContainers = containers.flatMap((container) => container.sample ? { labels: container.labels, ...container.sample } : []);
  const node = [{ labels: {}, ...sample }];

  return [
    family('container_cpu_usage_seconds_total', 'counter', '[STABLE] Cumulative cpu time consumed by the container in core-seconds',
      sampledContainers.map(cpu)),
    family('container_memory_working_set_bytes', 'gauge', '[STABLE] Current working set of the container in bytes',
      sampledContainers.map(memory)),
    family('container_start_time_seconds', 'gauge', '[STABLE] Start time of the container since unix epoch in seconds',
      containers.map(({ labels, startSeconds }) => ({ labels, value: startSeconds }))),
    family('container_swap_limit_bytes', 'gauge', `[ALPHA] Current amount of the container swap limit in bytes. ${SWAP_REMARK}`,
      sampledContainers.map(({ labels }) => ({ labels, value: 0, timestampMs: readMs }))),
    family('container_swap_usage_bytes', 'gauge', `[ALPHA] Current amount of the container swap usage in bytes. ${SWAP_REMARK}`,
      sampledContainers.map(({ labels, swapBytes = 0 }) => ({ labels, value: swapBytes, timestampMs: readMs }))),
    family('node_cpu_usage_seconds_total', 'counter', '[STABLE] Cumulative cpu time consumed by the node in core-seconds', node.map(cpu)),
    family('node_memory_working_set_bytes', 'gauge', '[STABLE] Current working set of the node in bytes', node.map(memory)),
    family('node_swap_usage_bytes', 'gauge', `[ALPHA] Current swap usage of the node in bytes. ${SWAP_REMARK}`, node.map(swap)),
    family('pod_cpu_usage_seconds_total', 'counter', '[STABLE] Cumulative cpu time consumed by the pod in core-seconds', sampledPods.map(cpu)),
    family('pod_memory_working_set_bytes', 'gauge', '[STABLE] Current working set of the pod in bytes', sampledPods.map(memory)),
    family('pod_swap_usage_bytes', 'gauge', `[ALPHA] Current amount of the pod swap usage in bytes. ${SWAP_REMARK}`, sampledPods.map(swap)),
    family('resource_scrape_error', 'gauge', '[STABLE] 1 if there was an error while getting container metrics, 0 otherwise',
      [{ labels: {}, value: 0 }]),
  ].join('');
}

type LabelledSample = Sample & { readonly labels: Labels };

const cpu = ({ labels, cpuSeconds, timestampMs }: LabelledSample): Series => ({ labels, value: cpuSeconds, timestampMs });
const memory = ({ labels, memoryBytes, timestampMs }: LabelledSample): Series => ({ labels, value: memoryBytes, timestampMs });
const swap = ({ labels, swapBytes = 0, timestampMs }: LabelledSample): Series => ({ labels, value: swapBytes, timestampMs });

/** Prometheus' registry leaves a family without series out, and sorts series by their labels' values. */
function family(name: string, type: 'counter' | 'gauge', help: string, series: readonly Series[]): string {
  if (series.length === 0) return '';
  const lines = series.map(({ labels, value, timestampMs }) =>
    `${name}${renderLabels(labels)} ${renderFloat(value)}${timestampMs === undefined ? '' : ` ${timestampMs}`}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function renderLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** As Go's `%g` with the shortest exact digits: an exponent, of two digits at least, below 1e-4 and from 1e+06 on. */
function renderFloat(value: number): string {
  const [digits, exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function byLabels(a: { readonly labels: Labels }, b: { readonly labels: Labels }): number {
  const [left, right] = [a, b].map(({ labels }) => Object.values(labels).join('\0'));
  return left < right ? -1 : left > right ? 1 : 0;
}
