import { MetricDeclaration } from './_metric-declaration';
import { checkObjectMetricTarget, wireTarget } from './_metric-target-checks';
import { ObjectMetricTarget } from './metric-target';

/** A metric of one object that is no pod, such as the requests of an Ingress. */
export class ObjectMetric {
  /** @internal */
  public static _of(declaration: MetricDeclaration): ObjectMetric {
    return new ObjectMetric(declaration, {});
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
   * The same metric, of fewer series. Where an object has several, their values are combined.
   *
   * @param labels Labels of the query's result, and the values that they have to have
   */
  public matching(labels: { readonly [key: string]: string }): ObjectMetric {
    return new ObjectMetric(this.declaration, this.declaration.narrowed(this.selector, labels));
  }

  /**
   * An element of `spec.metrics` of a HorizontalPodAutoscaler of autoscaling/v2.
   *
   * @param target Which object, in the autoscaler's namespace, and what its value is kept at
   */
  public objectMetricSpec(target: ObjectMetricTarget): { [key: string]: any } {
    checkObjectMetricTarget(this.declaration.scope, 'target', target);
    const { _apiVersion: apiVersion, _kind: kind } = this.declaration.objects!.resource;
    return { type: 'Object', object: { describedObject: { apiVersion, kind, name: target.name }, metric: this.declaration.identifier(this.selector), target: wireTarget(target) } };
  }
}
