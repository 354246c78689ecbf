import { ContainerTable } from './container-table';
import { NodeClock } from './node-clock';
import { PodFigures } from './pod-figures';
import { known, podUsage } from './pod-usage';
import { SampleTable } from './sample-table';
import { NodeUsage, PodName, PodUsage, UsageReader } from './usage';
import { Clock, Random } from '../clock';
import { ClockReading } from '../scrape/clock-reading';
import { Page } from '../scrape/page';

export interface MetricStoreOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Time from one scrape of a node to the next. */
  readonly resolutionMs: number;
  /**
   * How long a node's samples are served after its last good page.
   *
   * @default two resolutions
   */
  readonly maxAgeMs?: number;
  /** @default true */
  readonly keepsSwap?: boolean;
  /** Called once for each pod that two nodes report at the same time. */
  onDuplicatePod?(conflict: DuplicatePod): void;
}

export interface DuplicatePod {
  /** `namespace/name`. */
  readonly pod: string;
  /** Whose report is used: where a container of the pod was started last. */
  readonly node: string;
  readonly otherNode: string;
}

/** What one kubelet reports. */
interface NodeEntry {
  readonly name: string;
  /** Of its own samples. */
  readonly id: number;
  readonly clock: NodeClock;
  /** Its containers in the order of its last page. */
  containers: readonly number[];
  lastPageAt: number;
}

/** How far a container's start may lie ahead of our clock: those of nodes differ. */
const MAX_START_SKEW_MS = 60_000;

/** Page rows of pods that another node is believed for. */
const IGNORED = -2;
const NEW = -1;

/** The last two samples of every node and container, and the usage that follows from them. */
export class MetricStore implements UsageReader {
  readonly podCursor: PodFigures;
  private readonly nodes = new Map<string, NodeEntry>();
  private readonly freeNodeIds: number[] = [];
  private readonly nodeSamples: SampleTable;
  private readonly containers: ContainerTable;
  private readonly containerSamples: SampleTable;
  /** By pod id. */
  private readonly owners: NodeEntry[] = [];
  private readonly reportedDuplicates = new Set<string>();
  private readonly maxAgeMs: number;
  /** For each row of a page its container, NEW or IGNORED; used again for the next page. */
  private rows = new Int32Array(64);

  constructor(private readonly options: MetricStoreOptions) {
    const resolutionNanoseconds = options.resolutionMs * 1e6;
    this.maxAgeMs = options.maxAgeMs ?? 2 * options.resolutionMs;
    this.nodeSamples = new SampleTable(resolutionNanoseconds);
    this.containerSamples = new SampleTable(resolutionNanoseconds);
    this.containers = new ContainerTable(options.random);
    this.podCursor = new PodFigures(this.containers, this.containerSamples);
  }

  get ready(): boolean {
    const nodes = [...this.nodes.values()];
    return nodes.some(({ id }) => !Number.isNaN(this.nodeSamples.cpuNanocores(id)))
      && nodes.some(({ containers }) => containers.some(container => this.podCursor.read(this.containers.podOf(container))));
  }

  node(name: string): NodeUsage | undefined {
    const entry = this.nodes.get(name);
    if (!entry) return undefined;
    const samples = this.nodeSamples;
    const cpuNanocores = samples.cpuNanocores(entry.id);
    if (Number.isNaN(cpuNanocores)) return undefined;
    return {
      cpuNanocores,
      memoryBytes: samples.memoryBytes(entry.id),
      swapBytes: known(samples.swapBytes(entry.id)),
      timestampMs: samples.timestampMs(entry.id),
      windowNanoseconds: samples.windowNanoseconds(entry.id),
    };
  }

  pod(namespace: string, name: string, living?: readonly string[]): PodUsage | undefined {
    const pod = this.containers.findPod(namespace, name);
    if (pod < 0 || !this.podCursor.read(pod)) return undefined;
    return podUsage(this.podCursor, (start) => this.containers.nameAt(start), living);
  }

  nodeOf(namespace: string, name: string): string | undefined {
    const pod = this.containers.findPod(namespace, name);
    return pod < 0 ? undefined : this.owners[pod].name;
  }

  podsOn(node: string): readonly PodName[] {
    const pods = new Set(this.nodes.get(node)?.containers.map(container => this.containers.podOf(container)));
    return Array.from(pods, pod => {
      const [namespace, name] = this.containers.podNameOf(pod).split('/');
      return { namespace, name };
    }).sort((a, b) => (a.namespace < b.namespace || (a.namespace === b.namespace && a.name < b.name) ? -1 : 1));
  }

  /** How many nodes and containers have a sample before the last. */
  points(): { readonly nodes: number; readonly containers: number } {
    let nodes = 0;
    let containers = 0;
    for (const entry of this.nodes.values()) {
      if (this.nodeSamples.hasPrevious(entry.id)) nodes++;
      for (const container of entry.containers) {
        if (this.containerSamples.hasPrevious(container)) containers++;
      }
    }
    return { nodes, containers };
  }

  /**
   * Takes a page as the whole truth about its node: what it does not hold is gone. Whether something waits for its second sample.
   *
   * @param clock @default a node's clock that is set is noticed only by samples that are 40 s older or newer than could be
   */
  apply(nodeName: string, page: Page, clock?: ClockReading): boolean {
    const node = this.nodes.get(nodeName) ?? this.addNode(nodeName);
    const nowMs = node.lastPageAt = this.options.clock.monotonic();
    if (clock) node.clock.read(clock, nowMs);
    const { setShownAtMs } = node.clock;
    if (page.hasNode) this.nodeSamples.record(node.id, page.nodeTimestampMs, page.nodeCpuNanoseconds, page.nodeMemoryBytes, 0, nowMs, setShownAtMs);
    else this.nodeSamples.record(node.id, NaN, NaN, NaN, 0, nowMs, setShownAtMs);
    const { keepsSwap = true } = this.options;
    if (keepsSwap) this.nodeSamples.recordSwap(node.id, page.nodeSwapBytes);

    this.locate(node, page);
    const { rows } = this;
    let containers = 0;
    let awaitsRates = this.nodeSamples.awaitsRate(node.id, nowMs);
    for (let row = 0; row < page.containers; row++) {
      if (rows[row] === IGNORED) continue;
      const container = rows[row] === NEW ? this.addContainer(node, page.keys.key(row)) : rows[row];
      const startNanoseconds = page.startNanoseconds[row];
      this.containerSamples.record(container, page.timestampMs[row], page.cpuNanoseconds[row], page.memoryBytes[row],
        Number.isNaN(startNanoseconds) ? 0 : startNanoseconds, nowMs, setShownAtMs);
      if (keepsSwap) this.containerSamples.recordSwap(container, page.swapBytes[row]);
      awaitsRates ||= this.containerSamples.awaitsRate(container, nowMs);
      rows[containers++] = container;
    }
    this.replaceContainers(node, rows.subarray(0, containers));
    return awaitsRates;
  }

  forgetNode(name: string): void {
    const node = this.nodes.get(name);
    if (!node) return;
    this.replaceContainers(node, this.rows.subarray(0, 0));
    this.nodeSamples.clear(node.id);
    this.freeNodeIds.push(node.id);
    this.nodes.delete(name);
  }

  /** Forgets nodes whose last good page is too old. */
  evict(): void {
    const oldest = this.options.clock.monotonic() - this.maxAgeMs;
    for (const { name, lastPageAt } of this.nodes.values()) {
      if (lastPageAt < oldest) this.forgetNode(name);
    }
    for (const pod of this.reportedDuplicates) {
      const [namespace, name] = pod.split('/');
      if (this.containers.findPod(namespace, name) < 0) this.reportedDuplicates.delete(pod);
    }
  }

  private addNode(name: string): NodeEntry {
    const node: NodeEntry = { name, id: this.freeNodeIds.pop() ?? this.nodes.size, clock: new NodeClock(), containers: [], lastPageAt: 0 };
    this.nodes.set(name, node);
    return node;
  }

  private addContainer(node: NodeEntry, key: Buffer): number {
    const container = this.containers.add(key);
    this.containerSamples.clear(container);
    this.owners[this.containers.podOf(container)] = node;
    return container;
  }

  /** Most of the time there is nothing to replace, and nothing is made for it. */
  private replaceContainers(node: NodeEntry, containers: Int32Array): void {
    const before = node.containers;
    if (before.length === containers.length && before.every((container, index) => container === containers[index])) return;
    node.containers = Array.from(containers);
    const present = new Set(containers);
    for (const container of before) {
      if (!present.has(container)) this.containers.remove(container);
    }
  }

  private locate(node: NodeEntry, page: Page): void {
    if (this.rows.length < page.containers) this.rows = new Int32Array(2 * page.containers);
    const { rows } = this;
    const { buffer } = page.keys;
    const { keys } = this.containers;
    let contested: Set<number> | undefined;
    let expected = 0;
    for (let row = 0; row < page.containers; row++) {
      const start = page.keys.start(row);
      const end = page.keys.end(row);
      // Pages of one kubelet are much alike: most likely this is the container that stood here last time.
      const likely = node.containers[expected];
      const found = likely !== undefined && keys.length(likely) === end - start && keys.matches(likely, buffer, start);
      rows[row] = found ? likely : keys.find(buffer, start, end);
      if (found) expected++;
      const pod = rows[row] === NEW ? this.containers.findPodOf(page.keys.key(row)) : this.containers.podOf(rows[row]);
      if (pod >= 0 && this.owners[pod] !== node) (contested ??= new Set()).add(pod);
    }
    if (contested) this.settle(contested, node, page);
  }

  /**
   * Two nodes report a pod, for example while it moves: the one is believed where a container was started last, unless
   * the start is still to come, which would be believed for ever. A kubelet that lies can still take over a pod of another
   * node by saying that it has just been started. Where pods belong is in their spec, which the watch of their metadata
   * does not bring.
   */
  private settle(contested: ReadonlySet<number>, node: NodeEntry, page: Page): void {
    const rowsOfPod = new Map<number, number[]>(Array.from(contested, pod => [pod, []]));
    for (let row = 0; row < page.containers; row++) rowsOfPod.get(this.containers.findPodOf(page.keys.key(row)))?.push(row);
    const latestPossible = (this.options.clock.now() + MAX_START_SKEW_MS) * 1e6;
    const isPossible = (startNanoseconds: number) => !(startNanoseconds > latestPossible);
    for (const [pod, podRows] of rowsOfPod) {
      const owner = this.owners[pod];
      const containers = this.containers.containersOf(pod);
      const ownStart = latest(containers.map(container => this.containerSamples.startNanoseconds(container)).filter(isPossible));
      const starts = podRows.map(row => page.startNanoseconds[row]);
      const moves = starts.every(isPossible) && latest(starts) > ownStart;
      this.reportDuplicate(this.containers.podNameOf(pod), moves ? node : owner, moves ? owner : node);
      if (moves) {
        owner.containers = owner.containers.filter(container => !containers.includes(container));
        for (const container of containers) this.containers.remove(container);
      }
      for (const row of podRows) this.rows[row] = moves ? NEW : IGNORED;
    }
  }

  private reportDuplicate(pod: string, node: NodeEntry, otherNode: NodeEntry): void {
    if (this.reportedDuplicates.has(pod)) return;
    this.reportedDuplicates.add(pod);
    this.options.onDuplicatePod?.({ pod, node: node.name, otherNode: otherNode.name });
  }
}

function latest(startNanoseconds: readonly number[]): number {
  return startNanoseconds.reduce((max, start) => (start > max ? start : max), 0);
}
