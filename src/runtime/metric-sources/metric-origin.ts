import { SampleSource } from './sample-source';
import { Clock } from '../clock';
import { MetricObjects } from './metric-objects';
import { PodPageRounds } from './pods/pod-page-rounds';
import { GroupResource } from '../custom-metrics/objects';
import { SourceMetrics } from '../prometheus/measured-prometheus';
import { Sample } from '../prometheus/samples';
import { SourceOutcomes } from '../prometheus/source-outcomes';
import { Sources } from '../prometheus/sources';

/** What sources ask with. */
export interface SourceContext {
  readonly sources: Sources;
  readonly metricObjects: MetricObjects;
  readonly podPageRounds: PodPageRounds;
  readonly sourceMetrics: SourceMetrics;
  readonly sourceOutcomes: SourceOutcomes;
  readonly clock: Clock;
  readonly userAgent: string;
  /** What another declared metric has now. @throws StatusError */
  samplesOf(metric: string, signal: AbortSignal): Promise<readonly Sample[]>;
}

/** Another declared metric, by its name. */
export interface MetricReference {
  readonly name: string;
  /** That it cannot be used, with where it stands. */
  error(problem: string): Error;
}

/** Of what the samples of a metric are. */
export interface Description {
  /** Without it, the metric is external. */
  readonly object?: DescribedObject;
  /** Holds the namespace of a sample. Without it, samples are for every namespace. */
  readonly namespaceLabel?: string;
}

export interface DescribedObject {
  /** In plural or singular. */
  readonly groupResource: GroupResource;
  /** Holds the name of the object. */
  readonly nameLabel: string;
}

/** What a source knows of the metric that it gives samples for. */
export interface SampledMetric extends Description {
  readonly name: string;
  /** How often it is asked while somebody wants to know. */
  readonly refreshMs: number;
  readonly windowSeconds?: number;
}

/** What the configuration says of where a metric comes from. */
export interface MetricOrigin {
  /** Seconds over which its values are rates or averages. */
  readonly windowSeconds?: number;
  /** Of what the values are, where that is always the same: then `object` and `namespaceLabel` cannot be given. */
  readonly described?: Description;
  /** Those that it reads credentials and certificates from, beside those of its sources. */
  readonly files?: readonly string[];
  /** Other declared metrics that it is made of. */
  readonly references?: readonly MetricReference[];
  open(metric: SampledMetric, context: SourceContext): SampleSource;
}
