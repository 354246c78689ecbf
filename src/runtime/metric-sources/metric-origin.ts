import { SampleSource } from './sample-source';
import { Clock } from '../clock';
import { KubernetesClient } from './kubernetes-objects';
import { DeclaredMetric } from '../prometheus/configuration/declared-metric';
import { SourceMetrics } from '../prometheus/measured-prometheus';
import { Sources } from '../prometheus/sources';

/** What sources ask with. */
export interface SourceContext {
  readonly sources: Sources;
  /** Asks the API server by our own rights. */
  readonly client: KubernetesClient;
  readonly sourceMetrics: SourceMetrics;
  readonly clock: Clock;
  readonly userAgent: string;
}

/** What the configuration says of where a metric comes from. */
export interface MetricOrigin {
  /** Seconds over which its values are rates or averages. */
  readonly windowSeconds?: number;
  /** Of what the values are, where that is always the same: then `object` and `namespaceLabel` cannot be given. */
  readonly described?: Pick<DeclaredMetric, 'object' | 'namespaceLabel'>;
  open(metric: DeclaredMetric, context: SourceContext): SampleSource;
}
