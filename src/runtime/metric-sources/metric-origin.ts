import { SampleSource } from './sample-source';
import { Clock } from '../clock';
import { KubernetesClient } from './kubernetes-objects';
import { DeclaredMetric } from '../prometheus/configuration/declared-metric';
import { SourceMetrics } from '../prometheus/measured-prometheus';
import { Sample } from '../prometheus/samples';
import { SourceOutcomes } from '../prometheus/source-outcomes';
import { Sources } from '../prometheus/sources';

/** What sources ask with. */
export interface SourceContext {
  readonly sources: Sources;
  /** Asks the API server by our own rights. */
  readonly client: KubernetesClient;
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

/** What the configuration says of where a metric comes from. */
export interface MetricOrigin {
  /** Seconds over which its values are rates or averages. */
  readonly windowSeconds?: number;
  /** Of what the values are, where that is always the same: then `object` and `namespaceLabel` cannot be given. */
  readonly described?: Pick<DeclaredMetric, 'object' | 'namespaceLabel'>;
  /** Other declared metrics that it is made of. */
  readonly references?: readonly MetricReference[];
  open(metric: DeclaredMetric, context: SourceContext): SampleSource;
}
