import { Freshness, ServedMetric } from './served-metric';
import { Random, Stop } from '../../clock';
import { pause } from '../../cluster/backoff';
import { WatchContext } from '../../cluster/collection-watch';
import { MetricNotFoundError } from '../../custom-metrics/metric-errors';
import { ExternalMetricValue, MetricValue } from '../../custom-metrics/metric-value';
import { ClusterObjects, formatGroupResource, ResourceMapping } from '../../custom-metrics/objects';
import {
  CustomMetricInfo, CustomMetricsProvider, ExternalMetricInfo, ExternalMetricsProvider, NamespacedName,
} from '../../custom-metrics/provider';
import { Selector } from '../../labels/selector';
import { CustomQuestion, Derivation, DerivedMetrics, ExternalQuestion } from '../../metric-sources/derivation';
import { MetricObjects } from '../../metric-sources/metric-objects';
import { SourceContext } from '../../metric-sources/metric-origin';
import { PodPageRounds } from '../../metric-sources/pods/pod-page-rounds';
import { ByteRoom } from '../../prometheus/byte-room';
import { StatusError } from '../../server/status';
import { DeclaredMetric } from '../configuration/declared-metric';

export interface DeclaredMetricsOptions extends Omit<SourceContext, 'samplesOf' | 'metricObjects' | 'podPageRounds'> {
  readonly metrics: readonly DeclaredMetric[];
  readonly objects: ClusterObjects;
  /** Follows the API server by our own rights. */
  readonly watching: WatchContext;
  readonly random: Random;
  /** For pages of pods that are held until they are read. */
  readonly podRoom: ByteRoom;
}

const RETRY_MS = 5_000;

/** Metrics that say themselves where they come from. */
export class DeclaredMetrics implements CustomMetricsProvider, ExternalMetricsProvider, DerivedMetrics {
  private readonly served: readonly ServedMetric[];
  private readonly metricObjects: MetricObjects;
  private readonly podPageRounds: PodPageRounds;
  private readonly external: readonly ExternalMetricInfo[];
  private listed: readonly CustomMetricInfo[] = [];

  constructor(private readonly options: DeclaredMetricsOptions) {
    const { metrics, random, watching, podRoom } = options;
    this.metricObjects = new MetricObjects(watching);
    this.podPageRounds = new PodPageRounds({ ...options, metricObjects: this.metricObjects, room: podRoom });
    const context: SourceContext = {
      ...options,
      metricObjects: this.metricObjects,
      podPageRounds: this.podPageRounds,
      samplesOf: (name, signal) => this.served.find(({ metric }) => metric.name === name)!.current(signal),
    };
    this.served = metrics.map((metric) => new ServedMetric(metric, context, random));
    this.external = metrics.filter(({ object }) => !object).map(({ name }) => ({ metric: name }));
  }

  /** Finds out what the cluster calls the objects, for discovery; stopped, nothing is polled any longer. */
  start(): Stop {
    const controller = new AbortController();
    void this.list(controller.signal);
    return () => {
      controller.abort();
      this.served.forEach((metric) => metric.stop());
      this.podPageRounds.close();
      this.metricObjects.stop();
    };
  }

  /** What says the same as before, and is made of what does, goes on with what it knew. */
  continueFrom(before: DeclaredMetrics): void {
    const known = new Map(before.served.map((served) => [served.metric.said, served]));
    const byName = new Map(this.served.map(({ metric }) => [metric.name, metric]));
    const isUnchanged = ({ said, origin: { references = [] } }: DeclaredMetric): boolean => (
      known.has(said) && references.every(({ name }) => isUnchanged(byName.get(name)!))
    );
    for (const served of this.served) if (isUnchanged(served.metric)) served.continueFrom(known.get(served.metric.said)!);
  }

  /** Asks nothing by itself any longer. */
  retire(): void {
    this.served.forEach((metric) => metric.retire());
  }

  get sourceNames(): readonly string[] {
    return this.served.flatMap(({ source }) => source.sources);
  }

  /** By name, of those that somebody wants to know; two with the same name are as bad as the worse of them. */
  get freshness(): ReadonlyMap<string, Freshness> {
    const all = new Map<string, Freshness>();
    for (const { metric: { name }, freshness } of this.served) {
      if (!freshness) continue;
      const { ageMs, isStale, isEmpty } = all.get(name) ?? freshness;
      all.set(name, { ageMs: Math.max(ageMs, freshness.ageMs), isStale: isStale || freshness.isStale, isEmpty: isEmpty || freshness.isEmpty });
    }
    return all;
  }

  listAllMetrics(): readonly CustomMetricInfo[] {
    return this.listed;
  }

  listAllExternalMetrics(): readonly ExternalMetricInfo[] {
    return this.external;
  }

  /** Whether the metric is one of these. */
  async has({ groupResource, metric }: CustomMetricInfo, signal: AbortSignal): Promise<boolean> {
    return await this.find({ groupResource, metric }, signal) !== undefined;
  }

  hasExternal({ metric }: ExternalMetricInfo): boolean {
    return this.external.some((one) => one.metric === metric);
  }

  async deriveCustom({ info }: CustomQuestion, signal: AbortSignal): Promise<Derivation | undefined> {
    return (await this.find(info, signal))?.derive(signal);
  }

  async deriveExternal({ info }: ExternalQuestion, signal: AbortSignal): Promise<Derivation | undefined> {
    return this.findExternal(info)?.derive(signal);
  }

  async getMetricByName(
    { namespace, name }: NamespacedName, info: CustomMetricInfo, metricSelector: Selector, signal: AbortSignal,
  ): Promise<MetricValue> {
    const served = await this.existing(info, signal);
    const value = (await served.ofObjects(namespace, [name], metricSelector, signal)).get(name);
    if (!value) return served.giveNothing(new MetricNotFoundError(info, name, metricSelector));
    return { objectName: name, ...value };
  }

  async getMetricBySelector(
    namespace: string, selector: Selector, info: CustomMetricInfo, metricSelector: Selector, signal: AbortSignal, user?: string,
  ): Promise<readonly MetricValue[]> {
    const served = await this.existing(info, signal);
    const names = await this.options.objects.names(info.groupResource, namespace, selector, signal, user);
    const values = await served.ofObjects(namespace, names, metricSelector, signal);
    if (values.size === 0) return served.giveNothing(new MetricNotFoundError(info, '*', metricSelector));
    return Array.from(values, ([objectName, value]) => ({ objectName, ...value }));
  }

  async getExternalMetric(
    namespace: string, metricSelector: Selector, info: ExternalMetricInfo, signal: AbortSignal,
  ): Promise<readonly ExternalMetricValue[]> {
    const served = this.findExternal(info);
    if (!served) throw new MetricNotFoundError(info);
    if (served.metric.namespaces?.includes(namespace) === false) throw notFrom(namespace, info);
    const values = await served.ofSeries(namespace, metricSelector, signal);
    if (values.length === 0) return served.giveNothing(new MetricNotFoundError(info, '', metricSelector));
    return values;
  }

  private async existing(info: CustomMetricInfo, signal: AbortSignal): Promise<ServedMetric> {
    const served = await this.find(info, signal);
    if (!served) throw new MetricNotFoundError(info);
    return served;
  }

  private findExternal(info: ExternalMetricInfo): ServedMetric | undefined {
    return this.served.find(({ metric }) => !metric.object && metric.name === info.metric);
  }

  private async find({ groupResource, metric }: Omit<CustomMetricInfo, 'namespaced'>, signal: AbortSignal): Promise<ServedMetric | undefined> {
    for (const served of this.served) {
      if (served.metric.name !== metric || !served.metric.object) continue;
      const mapping = await this.options.objects.mapping(served.metric.object.groupResource, signal);
      if (mapping && formatGroupResource(mapping.groupResource) === formatGroupResource(groupResource)) return served;
    }
    return undefined;
  }

  /** Until the API server has said it of all of them. */
  private async list(signal: AbortSignal): Promise<void> {
    const { objects, clock } = this.options;
    const ofObjects = this.served.filter(({ metric }) => metric.object);
    while (!signal.aborted) {
      const mappings = await Promise.all(ofObjects.map(({ metric }) => objects.mapping(metric.object!.groupResource, signal).catch(() => undefined)));
      const infos = ofObjects.flatMap(({ metric }, index) => infoOf(metric, mappings[index]) ?? []);
      if (infos.length !== this.listed.length) this.listed = infos;
      if (infos.length === ofObjects.length) return;
      await pause(clock, RETRY_MS, signal);
    }
  }
}

function infoOf({ name }: DeclaredMetric, mapping: ResourceMapping | undefined): CustomMetricInfo | undefined {
  return mapping && { groupResource: mapping.groupResource, namespaced: mapping.namespaced, metric: name };
}

/** The rights of an autoscaler are for all namespaces: what is for some is kept from the others here. */
function notFrom(namespace: string, info: ExternalMetricInfo): StatusError {
  const { message } = new MetricNotFoundError(info);
  return new StatusError(404, 'NotFound', `${message}: it is not for namespace ${namespace}`);
}
