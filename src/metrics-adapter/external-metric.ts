import { MetricDeclaration } from './_metric-declaration';
import { checkExternalMetricTarget, wireTarget } from './_metric-target-checks';
import { ExternalMetricTarget } from './metric-target';

/** A metric of no object of the cluster, such as the length of a queue. An autoscaler adds up all of its series. */
export class ExternalMetric {
  /** @internal */
  public static _of(declaration: MetricDeclaration): ExternalMetric {
    return new ExternalMetric(declaration, {});
  }

  /** Name of the metric, as autoscalers have it. */
  public readonly metricName: string;
  /** Labels and values that choose among the series of the metric, empty for all of them. */
  public readonly selector: { readonly [key: string]: string };

  private readonly declaration: MetricDeclaration;

  private constructor(declaration: MetricDeclaration, selector: Readonly<Record<string, string>>) {
    this.declaration = declaration;
    this.metricName = declaration.name;
    this.selector = selector;
  }

  /**
   * The same metric, of fewer series.
   *
   * @param labels Labels of the query's result, and the values that they have to have
   */
  public matching(labels: { readonly [key: string]: string }): ExternalMetric {
    return new ExternalMetric(this.declaration, this.declaration.narrowed(this.selector, labels));
  }

  /**
   * An element of `spec.metrics` of a HorizontalPodAutoscaler of autoscaling/v2.
   *
   * @param target What the sum of the series is kept at, whole or for each pod
   */
  public externalMetricSpec(target: ExternalMetricTarget): { [key: string]: any } {
    checkExternalMetricTarget(this.declaration.scope, 'target', target);
    return { type: 'External', external: { metric: this.declaration.identifier(this.selector), target: wireTarget(target) } };
  }
}
