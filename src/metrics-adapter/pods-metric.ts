import { MetricDeclaration } from './_metric-declaration';
import { checkPodsMetricTarget } from './_metric-target-checks';
import { PodsMetricTarget } from './metric-target';

/** A metric of pods, of which an autoscaler takes the mean of those that it scales. */
export class PodsMetric {
  /** @internal */
  public static _of(declaration: MetricDeclaration): PodsMetric {
    return new PodsMetric(declaration, {});
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
   * The same metric, of fewer series. Where a pod has several, their values are combined.
   *
   * @param labels Labels of the query's result, and the values that they have to have
   */
  public matching(labels: { readonly [key: string]: string }): PodsMetric {
    return new PodsMetric(this.declaration, this.declaration.narrowed(this.selector, labels));
  }

  /**
   * An element of `spec.metrics` of a HorizontalPodAutoscaler of autoscaling/v2.
   *
   * @param target What the pods' mean is kept at
   */
  public podsMetricSpec(target: PodsMetricTarget): { [key: string]: any } {
    checkPodsMetricTarget(this.declaration.scope, 'target', target);
    return { type: 'Pods', pods: { metric: this.declaration.identifier(this.selector), target: { type: 'AverageValue', averageValue: target.averageValue } } };
  }
}
