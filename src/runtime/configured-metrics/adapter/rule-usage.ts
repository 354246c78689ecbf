import { namesMatcher } from './label-matchers';
import { metricsQuery } from './metrics-query';
import { ResourceLabels } from './resource-labels';
import { RuleQueries } from './rule-queries';
import { groupByKey } from '../../../_facts/group-by-key';
import { Clock } from '../../clock';
import { abortable } from '../../cluster/deadline';
import { Lister } from '../../cluster/lister';
import { ObjectMetadata } from '../../cluster/object-metadata';
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

interface Question {
  readonly answered: Promise<void>;
  /** Undefined while the answer is awaited. */
  answeredMs?: number;
}

/** Usage of nodes and pods from prometheus-adapter's `resourceRules`: where no kubelet can be reached. */
export class RuleUsage implements UsageReader {
  private nodes: ReadonlyMap<string, NodeUsage> = new Map();
  /** By namespace, then name. */
  private readonly pods = new Map<string, ReadonlyMap<string, PodUsage>>();
  /** By what was asked: a namespace, or nothing for nodes. */
  private readonly asked = new Map<string | undefined, Question>();

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
    const resources = this.options.resources();
    if (!resources) throw new SourceUnavailableError('the configuration has no resourceRules, and usage comes from nowhere else');
    if (info.resource === 'nodes') return this.once(undefined, signal, (shared) => this.refreshNodes(resources, shared));
    const { pods } = this.options;
    for (const namespace of this.pods.keys()) if (pods.list(namespace).length === 0) this.pods.delete(namespace);
    const namespaces = info.namespace === '' ? [...new Set(pods.list().map(({ namespace }) => namespace))] : [info.namespace];
    await Promise.all(namespaces.map((namespace) => this.once(namespace, signal, (shared) => this.refreshPods(resources, namespace, shared))));
  }

  private async once(key: string | undefined, signal: AbortSignal, refresh: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { clock } = this.options;
    const nowMs = clock.monotonic();
    for (const [other, { answeredMs = nowMs }] of this.asked) if (nowMs - answeredMs >= KEPT_MS) this.asked.delete(other);
    const known = this.asked.get(key);
    if (known) return abortable(known.answered, signal);
    // Others wait for it who are still there when the first one is gone; each query has a time limit of its own.
    const question: Question = { answered: refresh(new AbortController().signal) };
    this.asked.set(key, question);
    question.answered.then(() => { question.answeredMs = clock.monotonic(); }, () => this.asked.delete(key));
    return abortable(question.answered, signal);
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
