import { SampleSource } from './sample-source';
import { Clock } from '../clock';
import { DeclaredMetric } from '../prometheus/configuration/declared-metric';
import { Sources } from '../prometheus/sources';

/** What sources ask with. */
export interface SourceContext {
  readonly sources: Sources;
  readonly clock: Clock;
}

/** What the configuration says of where a metric comes from. */
export interface MetricOrigin {
  /** Seconds over which its values are rates or averages. */
  readonly windowSeconds?: number;
  open(metric: DeclaredMetric, context: SourceContext): SampleSource;
}
