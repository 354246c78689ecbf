import { MetricNames } from './metric-names';
import { ResourceLabels } from './resource-labels';
import { SeriesShape } from './series-shape';
import { ClusterObjects, formatGroupResource, GroupResource } from '../../custom-metrics/objects';
import { CustomMetricInfo, ExternalMetricInfo } from '../../custom-metrics/provider';
import { DiscoveryRule } from '../configuration/discovery-rule';

/** Where the values of a metric come from. */
export interface SeriesSource {
  readonly rule: DiscoveryRule;
  readonly series: string;
  readonly labels: ResourceLabels;
}

/** A rule, and what it found in Prometheus. */
export interface DiscoveredSeries {
  readonly rule: DiscoveryRule;
  readonly shapes: readonly SeriesShape[];
}

/** A metric of a resource, and where its values come from. */
interface CustomSeries {
  readonly info: CustomMetricInfo;
  readonly source: SeriesSource;
}

/** By metric and resource. */
export type CustomSeriesMap = ReadonlyMap<string, CustomSeries>;

/** The metrics that a rule makes of what it found: one for each resource that a label of a series stands for. @throws StatusError (503) when the cluster cannot be asked */
export async function customSeries({ rule, shapes }: DiscoveredSeries, objects: ClusterObjects, signal: AbortSignal): Promise<CustomSeriesMap> {
  const found = new Map<string, CustomSeries>();
  const labels = new ResourceLabels(rule.resources, objects);
  const metricNames = new MetricNames(rule);
  for (const { name: series, labels: names } of shapes) {
    const metric = metricNames.of(series);
    if (metric === undefined) continue;
    for (const name of names) {
      const mapping = await labels.resourceOf(name, signal);
      if (!mapping) continue;
      const { groupResource, namespaced } = mapping;
      found.set(keyOf(groupResource, metric), { info: { groupResource, namespaced, metric }, source: { rule, series, labels } });
    }
  }
  return found;
}

/** Metrics of `rules` by name and resource. Where two rules make the same metric, the later one wins. */
export class CustomSeriesRegistry {
  static readonly empty = CustomSeriesRegistry.of([]);

  static of(rules: readonly CustomSeriesMap[]): CustomSeriesRegistry {
    const series = new Map(rules.flatMap((found) => [...found]));
    return new CustomSeriesRegistry(series, Array.from(series.values(), ({ info }) => info));
  }

  private constructor(private readonly series: CustomSeriesMap, readonly infos: readonly CustomMetricInfo[]) {}

  /** With the list of an earlier registry, where it is the same. */
  keeping(earlier: CustomSeriesRegistry): CustomSeriesRegistry {
    const keys = (registry: CustomSeriesRegistry) => [...registry.series.keys()].join(' ');
    return keys(earlier) === keys(this) ? new CustomSeriesRegistry(this.series, earlier.infos) : this;
  }

  /** The resource is in plural. */
  source({ groupResource, metric }: CustomMetricInfo): SeriesSource | undefined {
    return this.series.get(keyOf(groupResource, metric))?.source;
  }
}

/** Metrics of `externalRules` by name. Where two rules make the same metric, the later one wins. */
export class ExternalSeriesRegistry {
  static readonly empty = new ExternalSeriesRegistry(new Map(), []);

  static of(discovered: readonly DiscoveredSeries[], objects: ClusterObjects): ExternalSeriesRegistry {
    const sources = new Map<string, SeriesSource>();
    for (const { rule, shapes } of discovered) {
      const labels = new ResourceLabels(rule.resources, objects);
      const metricNames = new MetricNames(rule);
      for (const { name: series } of shapes) {
        const metric = metricNames.of(series);
        if (metric !== undefined) sources.set(metric, { rule, series, labels });
      }
    }
    return new ExternalSeriesRegistry(sources, Array.from(sources.keys(), (metric) => ({ metric })));
  }

  private constructor(private readonly sources: ReadonlyMap<string, SeriesSource>, readonly infos: readonly ExternalMetricInfo[]) {}

  /** With the list of an earlier registry, where it is the same. */
  keeping(earlier: ExternalSeriesRegistry): ExternalSeriesRegistry {
    const keys = (registry: ExternalSeriesRegistry) => [...registry.sources.keys()].join(' ');
    return keys(earlier) === keys(this) ? new ExternalSeriesRegistry(this.sources, earlier.infos) : this;
  }

  source(metric: string): SeriesSource | undefined {
    return this.sources.get(metric);
  }
}

function keyOf(resource: GroupResource, metric: string): string {
  return `${formatGroupResource(resource)}/${metric}`;
}
