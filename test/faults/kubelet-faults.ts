import { gzipSync } from 'node:zlib';
import { lastFiguresOf, live, newFigures, nothingAbsurd, nothingOf, notReady, ready } from './claims';
import { End, Fault } from './fault';
import { Lab } from './lab';
import { eventually } from '../e2e/control-plane/eventually';
import { Kubelet } from '../simulated-cluster/kubelet';
import { GARBAGE, KubeletFault } from '../simulated-cluster/kubelet-fault';
import { NodeStats } from '../simulated-cluster/kubelet-page';

const NODE = 'node-1';
const MIB = 2 ** 20;

export const KUBELET_FAULTS: readonly Fault[] = [
  failing('a kubelet refuses connections', 'refused', { kind: 'refuse' }),
  failing('a kubelet never answers', 'timeout', { kind: 'hang' }),
  failing('a kubelet breaks off in the middle of the page', 'protocol', { kind: 'half-page' }),
  failing('a kubelet sends a byte a second', 'timeout', { kind: 'trickle' }),
  failing('a kubelet\'s certificate is signed by another CA', 'x509-unknown-authority', { kind: 'certificate', problem: 'unknown-authority' }),
  failing('a kubelet\'s certificate is for another name', 'x509-name-mismatch', { kind: 'certificate', problem: 'wrong-name' }),
  failing('a kubelet\'s certificate has expired', 'x509-expired', { kind: 'certificate', problem: 'expired' }),
  failing('a kubelet answers 401', 'unauthorized', { kind: 'status', code: 401 }),
  failing('a kubelet answers 403', 'forbidden', { kind: 'status', code: 403 }),
  failing('a kubelet answers 500', 'http-status', { kind: 'status', code: 500 }),
  failing('a kubelet redirects', 'http-status', { kind: 'status', code: 302, headers: { location: 'https://127.0.0.1/metrics/resource' } }),
  failing('a kubelet announces a page of 200 MB', 'too-large', { kind: 'flood', bytes: 200 * MIB, announced: true }),
  {
    ...failing('a kubelet sends 200 MB unannounced', 'too-large', { kind: 'flood', bytes: 200 * MIB, announced: false }),
    // On a machine that has too much to do, not even the first 16 MiB come in time.
    loggedPerhaps: [failure('timeout'), failure('too-large')],
  },
  failing('a kubelet sends a gzip bomb of 1 GB', 'protocol', () => ({
    kind: 'page', body: gzipBomb(), headers: { 'content-encoding': 'gzip' },
  })),
  {
    ...failing('a kubelet that is asked for gzip (`--kubelet-gzip`) sends a bomb of 1 GB', 'too-large', () => ({
      kind: 'page', body: gzipBomb(), headers: { 'content-encoding': 'gzip' },
    })),
    setUp: () => ({ flags: ['--kubelet-gzip'] }),
  },
  failing('a kubelet sends something else than metrics', 'parse', GARBAGE),
  failing('a kubelet has no figures yet', 'empty', { kind: 'page', body: '# HELP nothing\n' }),
  {
    name: 'a kubelet refuses connections for longer than --metric-retention',
    setUp: () => ({ flags: ['--metric-retention=20s'] }),
    begin: (lab) => breakKubelet(lab, { kind: 'refuse' }),
    served: [nothingOf(NODE), newFigures([NODE]), ready, live],
    logged: [failure('refused')],
    loggedAfterwards: [recovered()],
    counted: [failures('refused')],
  },
  {
    name: 'no kubelet answers',
    setUp: () => ({ flags: ['--metric-retention=20s'] }),
    begin: async (lab) => {
      await Promise.all(lab.cluster.kubelets.map((kubelet) => kubelet.setFault({ kind: 'refuse' })));
      return async () => { await Promise.all(lab.cluster.kubelets.map((kubelet) => kubelet.setFault())); };
    },
    served: [nothingOf('node-1'), nothingOf('node-2'), nothingOf('node-3'), notReady, live],
    logged: [
      ...[1, 2, 3].map((index) => failure('refused', `node-${index}`)),
      'E "Failed probe" probe="metric-storage-ready" err="no metrics to serve: 3 of 3 nodes fail: 3 refused"',
    ],
    loggedPerhaps: ['E "Failed probe" probe="metric-storage-ready" err="no metrics to serve…'],
    loggedAfterwards: [1, 2, 3].map((index) => recovered(`node-${index}`)),
    counted: [failures('refused')],
  },
  {
    name: 'two kubelets report the same pod',
    begin: (lab) => breakKubelet(lab, { kind: 'stats', change: (stats) => withPodsOf(lab, stats) }),
    served: [newFigures(), nothingAbsurd, ready],
    logged: [],
    loggedAtTimes: ['W "Two nodes report the same pod; the later start counts"'],
    counted: ['metrics_server_kubelet_request_total{success="true"}'],
  },
  {
    name: 'a kubelet\'s clock is an hour ahead',
    begin: (lab) => breakKubelet(lab, { kind: 'stats', change: (stats) => shifted(stats, 3_600_000) }),
    served: [newFigures(), nothingAbsurd, ready],
    logged: [],
    counted: ['metrics_server_kubelet_request_total{success="true"}'],
  },
  {
    name: 'a kubelet\'s clock is an hour behind',
    begin: (lab) => breakKubelet(lab, { kind: 'stats', change: (stats) => shifted(stats, -3_600_000) }),
    served: [newFigures([NODE]), nothingAbsurd, ready],
    logged: [],
    counted: ['metrics_server_kubelet_request_total{success="true"}'],
  },
  {
    name: 'a node restarts: its kubelet is away, then counts from zero',
    begin: async (lab) => {
      const kubelet = lab.cluster.kubelet(NODE);
      await kubelet.setFault({ kind: 'refuse' });
      await new Promise((resolve) => setTimeout(resolve, 12_000));
      const bootMs = Date.now();
      await kubelet.setFault({ kind: 'stats', change: (stats) => rebooted(stats, bootMs) });
      return () => mend(kubelet);
    },
    served: [newFigures(), nothingAbsurd, ready],
    logged: [failure('refused')],
    loggedAfterwards: [recovered()],
    counted: [failures('refused')],
  },
];

/** A node of which nothing usable comes. */
function failing(name: string, reason: string, fault: KubeletFault | (() => KubeletFault)): Fault {
  return {
    name,
    begin: (lab) => breakKubelet(lab, typeof fault === 'function' ? fault() : fault),
    served: [newFigures([NODE]), lastFiguresOf(NODE), ready, live],
    logged: [failure(reason)],
    loggedAfterwards: [recovered()],
    counted: [failures(reason), 'metrics_server_kubelet_request_total{success="false"}', `metrics_server_kubelet_failing_nodes{reason="${reason}"}`],
  };
}

async function breakKubelet(lab: Lab, fault: KubeletFault): Promise<End> {
  const kubelet = lab.cluster.kubelet(NODE);
  await kubelet.setFault(fault);
  return () => mend(kubelet);
}

/** What a fault has begun ends by it. */
async function mend(kubelet: Kubelet): Promise<void> {
  await eventually(() => expect(kubelet.requestsUnderWay).toBe(0));
  await kubelet.setFault();
}

function failure(reason: string, node = NODE): string {
  return `W "Failed to scrape node" node="${node}" … reason="${reason}"`;
}

function recovered(node = NODE): string {
  return `I "Scraping the node works again" node="${node}"`;
}

function failures(reason: string): string {
  return `metrics_server_kubelet_request_failures_total{reason="${reason}"}`;
}

/** A thousand times smaller than what comes out of it. */
function gzipBomb(): Buffer {
  const member = gzipSync(Buffer.alloc(64 * MIB), { level: 9 });
  return Buffer.concat(Array.from({ length: 16 }, () => member));
}

function withPodsOf(lab: Lab, stats: NodeStats): NodeStats {
  const other = lab.cluster.kubelet('node-2').node;
  const [{ namespace, name }] = other.pods;
  return { ...stats, pods: [...stats.pods, { ...stats.pods[0], namespace, name }] };
}

function shifted({ readMs, sample, pods }: NodeStats, byMs: number): NodeStats {
  const shift = <T extends { readonly timestampMs: number } | undefined>(one: T): T => one && { ...one, timestampMs: one.timestampMs + byMs };
  return {
    readMs: readMs + byMs,
    sample: shift(sample),
    pods: pods.map((pod) => ({
      ...pod,
      sample: shift(pod.sample),
      containers: pod.containers.map((container) => ({ ...container, sample: shift(container.sample) })),
    })),
  };
}

/** All counters as if counting had begun at boot; what was not looked at since has no figures yet. */
function rebooted({ readMs, sample, pods }: NodeStats, bootMs: number): NodeStats {
  const CORES = 0.1;
  const since = <T extends { readonly timestampMs: number; readonly cpuSeconds: number } | undefined>(one: T): T | undefined => (
    one && one.timestampMs > bootMs ? { ...one, cpuSeconds: (one.timestampMs - bootMs) / 1000 * CORES } : undefined
  );
  return {
    readMs,
    sample: { ...sample, timestampMs: Math.max(sample.timestampMs, bootMs), cpuSeconds: Math.max(0, sample.timestampMs - bootMs) / 1000 * CORES },
    pods: pods.map((pod) => ({
      ...pod,
      sample: since(pod.sample),
      containers: pod.containers.map((container) => ({ ...container, startSeconds: bootMs / 1000, sample: since(container.sample) })),
    })),
  };
}
