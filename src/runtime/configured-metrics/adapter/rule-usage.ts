import { namesMatcher } from './label-matchers';
import { metricsQuery } from './metrics-query';
import { ResourceLabels } from './resource-labels';
import { RuleQueries } from './rule-queries';
import { groupByKey } from '../../../_facts/group-by-key';
import { Clock } from '../../clock';
import { Lister } from '../../cluster/lister';
import { ObjectMetadata } from '../../cluster/object-metadata';
import { SharedQueries } from '../../cluster/shared-queries';
import { SourceUnavailableError } from '../../custom-metrics/metric-errors';
import { ClusterObjects, formatGroupResource, GroupResource } from '../../custom-metrics/objects';
import { Sample } from '../../prometheus/samples';
import { ApiRequest, GroupVersion } from '../../server/group-version';
import { StatusError } from '../../server/status';
import { ContainerUsage, NodeUsage, PodName, PodUsage, UsageReader } from '../../store/usage';
import { ResourceRule, ResourceRules } from '../configuration/resource-rules';

export interface RuleUsageOptions {
  /** As the configuration has them now. */
  readonly resources: () => QueriedResources | undefined;
  readonly objects: ClusterObjects;
  readonly nodes: Lister;
  readonly pods: Lister;
  readonly clock: Clock;
}

export interface QueriedResources {
  readonly rules: ResourceRules;
  readonly queries: RuleQueries;
}

const NODES: GroupResource = { group: '', resource: 'nodes' };
const PODS: GroupResource = { group: '', resource: 'pods' };
const NAMESPACES: GroupResource = { group: '', resource: 'namespaces' };

/** Answers are good for so long: kubectl and an autoscaler that ask at the same time see the same. */
const KEPT_MS = 5_000;

/** Namespaces of a list that are asked for at the same time, by two queries each: Prometheus runs 20 at once, and others ask it too. */
const AT_ONCE = 5;

/** What is asked for where it is no namespace. */
const ALL_NODES = '';

/** Usage of nodes and pods from prometheus-adapter's `resourceRules`: where no kubelet can be reached. */
export class RuleUsage implements UsageReader {
  private nodes: ReadonlyMap<string, NodeUsage> = new Map();
  /** By namespace, then name. */
  private readonly pods = new Map<string, ReadonlyMap<string, PodUsage>>();
  private readonly refreshes = new SharedQueries<void>();
  /** By namespace, or ALL_NODES. */
  private readonly answeredMs = new Map<string, number>();

  constructor(private readonly options: RuleUsageOptions) {}

  get ready(): boolean {
    return this.nodes.size > 0 && [...this.pods.values()].some((pods) => pods.size > 0);
  }

  /** The API, with what it reads brought up to date before it answers. */
  serving(api: GroupVersion): GroupVersion {
    return {
      ...api,
      handle: async (request) => {
        await this.refresh(request);
        return api.handle(request);
      },
    };
  }

  node(name: string): NodeUsage | undefined {
    return this.nodes.get(name);
  }

  pod(namespace: string, name: string): PodUsage | undefined {
    return this.pods.get(namespace)?.get(name);
  }

  /** Prometheus is not asked where pods run. */
  nodeOf(): undefined {
    return undefined;
  }

  podsOn(): readonly PodName[] {
    return [];
  }

  /** @throws StatusError why Prometheus does not answer */
  private async refresh({ info, signal }: ApiRequest): Promise<void> {
    const { clock, pods } = this.options;
    const resources = this.options.resources();
    if (!resources) throw new SourceUnavailableError('the configuration has no resourceRules, and usage comes from nowhere else');
    const nowMs = clock.monotonic();
    for (const [key, answeredMs] of this.answeredMs) if (nowMs - answeredMs >= KEPT_MS) this.answeredMs.delete(key);
    if (info.resource === 'nodes') return this.once(ALL_NODES, signal, (shared) => this.refreshNodes(resources, shared));
    for (const namespace of this.pods.keys()) if (pods.list(namespace).length === 0) this.pods.delete(namespace);
    const namespaces = info.namespace === '' ? [...new Set(pods.list().map(({ namespace }) => namespace))] : [info.namespace];
    await someAtOnce(AT_ONCE, namespaces, (namespace) => this.once(namespace, signal, (shared) => this.refreshPods(resources, namespace, shared)));
  }

  private async once(key: string, signal: AbortSignal, refresh: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.answeredMs.has(key)) return;
    await this.refreshes.run(key, signal, async (shared) => {
      await refresh(shared);
      this.answeredMs.set(key, this.options.clock.monotonic());
    });
  }

  private async refreshNodes(resources: QueriedResources, signal: AbortSignal): Promise<void> {
    const { rules } = resources;
    const { nodes } = this.options;
    const names = nodes.list().map(({ name }) => name);
    const [cpu, memory] = await Promise.all([rules.cpu, rules.memory].map((rule) => this.ask(resources, rule, NODES, '', names, signal)));
    this.nodes = new Map(names.flatMap((name): [string, NodeUsage][] => {
      const [cores] = cpu.get(name) ?? [];
      const [bytes] = memory.get(name) ?? [];
      if (!cores || !bytes) return [];
      return [[name, { ...times([cores, bytes], rules), cpuNanocores: nanocores(cores), memoryBytes: Math.round(bytes.value) }]];
    }));
  }

  private async refreshPods(resources: QueriedResources, namespace: string, signal: AbortSignal): Promise<void> {
    const { rules } = resources;
    const { pods } = this.options;
    const names = pods.list(namespace).map(({ name }: ObjectMetadata) => name);
    const [cpu, memory] = await Promise.all([rules.cpu, rules.memory].map((rule) => this.ask(resources, rule, PODS, namespace, names, signal)));
    this.pods.set(namespace, new Map(names.flatMap((name): [string, PodUsage][] => {
      const [cores, bytes] = [cpu.get(name), memory.get(name)];
      return cores && bytes ? [[name, { ...times([...cores, ...bytes], rules), containers: containersOf(cores, bytes, rules) }]] : [];
    })));
  }

  /** Finite samples by the names of objects; what is negative or NaN is nothing. */
  private async ask(
    { queries }: QueriedResources, rule: ResourceRule, resource: GroupResource, namespace: string, names: readonly string[], signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly Sample[]>> {
    if (names.length === 0) return new Map();
    const labels = new ResourceLabels(rule.resources, this.options.objects);
    const label = await labelOf(labels, resource, rule, signal);
    const isPod = resource === PODS;
    const query = metricsQuery(isPod ? rule.containerQuery : rule.nodeQuery, {
      series: '',
      matchers: [...isPod ? [namesMatcher(await labelOf(labels, NAMESPACES, rule, signal), [namespace])] : [], namesMatcher(label, names)],
      groupBy: isPod ? [label, rule.containerLabel] : [label],
    });
    const { samples } = await queries.ask({}, query, signal);
    return groupByKey(samples.map((sample) => [
      sample.labels[label] ?? '', { ...sample, value: sample.value > 0 && Number.isFinite(sample.value) ? sample.value : 0 },
    ]));
  }
}

/** Begins no more when one has failed. */
async function someAtOnce<T>(count: number, items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await task(item);
  };
  try {
    await Promise.all(Array.from({ length: count }, work));
  } finally {
    left.length = 0;
  }
}

/** A container with one of the two has none of the other, as prometheus-adapter says it. */
function containersOf(cpu: readonly Sample[], memory: readonly Sample[], rules: ResourceRules): readonly ContainerUsage[] {
  const containers = new Map<string, ContainerUsage>();
  const add = (rule: ResourceRule, sample: Sample, usage: object) => {
    const name = sample.labels[rule.containerLabel] ?? '';
    containers.set(name, { ...containers.get(name) ?? { name, cpuNanocores: 0, memoryBytes: 0 }, ...usage });
  };
  for (const sample of cpu) add(rules.cpu, sample, { cpuNanocores: nanocores(sample) });
  for (const sample of memory) add(rules.memory, sample, { memoryBytes: Math.round(sample.value) });
  return [...containers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** As old as the oldest of them. */
function times(samples: readonly Sample[], { windowMs }: ResourceRules): { readonly timestampMs: number; readonly windowNanoseconds: number } {
  const oldestMs = samples.reduce((earlierMs, { timestampMs }) => Math.min(earlierMs, timestampMs), Infinity);
  return { timestampMs: oldestMs, windowNanoseconds: windowMs * 1_000_000 };
}

function nanocores({ value }: Sample): number {
  return Math.round(value * 1e9);
}

async function labelOf(labels: ResourceLabels, resource: GroupResource, rule: ResourceRule, signal: AbortSignal): Promise<string> {
  const label = await labels.labelOf(resource, signal);
  if (label !== undefined && label !== '') return label;
  const { file, line, path } = rule.resources.node;
  throw StatusError.internalError(`${file}:${line}: ${path} has no label for ${formatGroupResource(resource)}; add one to overrides`);
}
