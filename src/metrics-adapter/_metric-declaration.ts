import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkMetricOptionsTogether } from './_metric-checks';
import { checkMetricQuery } from './_metric-query-checks';
import { DescribedResource } from './described-resource';
import { MetricOptions } from './metric-options';
import { MetricSource } from './metric-source';
import { PolicyRule } from '../_facts/rights';
import { goDuration } from '../kubernetes/_go-duration';
import { LabelSet } from '../promql/_label-set';
import { checkLabels, refuse } from '../validation/_validation';

type Labels = Readonly<Record<string, string>>;

/** Objects that a metric's values are of. */
export interface DescribedObjects {
  readonly resource: DescribedResource;
  /** Label that holds an object's name. */
  readonly nameLabel: string;
}

/** Where a metric is declared. */
export interface MetricPlace {
  readonly scope: IConstruct;
  readonly sources: readonly MetricSource[];
}

/** A metric as it is declared once: what is asked, of what it is, who may read it. */
export class MetricDeclaration {
  public readonly scope: IConstruct;
  private readonly labels: LabelSet;

  constructor(
    place: MetricPlace, public readonly name: string, private readonly options: MetricOptions,
    private readonly namespaceLabel: string | undefined, public readonly objects?: DescribedObjects,
  ) {
    this.scope = place.scope;
    checkMetricOptionsTogether(place, options);
    const identifying = [namespaceLabel, objects?.nameLabel].filter((label) => label !== undefined);
    this.labels = checkMetricQuery(this.scope, options.query, identifying, options.sources ?? place.sources.slice(0, 1)).labels;
  }

  /** No other metric of an adapter may have it. */
  public get key(): string {
    return `${this.objects?.resource._groupResource ?? ''}/${this.name}`;
  }

  /** As the adapter's configuration has it. */
  public get configuration(): object {
    const { query, sources, combine, refresh, maxAge, window, onEmpty, onNan, minimum, maximum } = this.options;
    const { resource, nameLabel } = this.objects ?? {};
    const given = {
      combine, refresh: durationOf(refresh), maxAge: durationOf(maxAge), window: durationOf(window), onEmpty, onNaN: onNan, minimum, maximum,
    };
    return {
      name: this.name,
      query,
      ...resource && { object: { ...resource._group !== '' && { group: resource._group }, resource: resource._resource, nameLabel } },
      ...this.namespaceLabel !== undefined && { namespaceLabel: this.namespaceLabel },
      ...sources && { sources: sources.map(({ _name }) => _name) },
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    };
  }

  /** The right to read it, as the API authorizes it. */
  public get readRule(): PolicyRule {
    if (!this.objects) return { apiGroups: ['external.metrics.k8s.io'], resources: [this.name], verbs: ['list'] };
    const { resource } = this.objects;
    // The URL of a namespace's metric names no object but the metric.
    if (resource._isNamespace) return { apiGroups: ['custom.metrics.k8s.io'], resources: ['metrics'], resourceNames: [this.name], verbs: ['get'] };
    return { apiGroups: ['custom.metrics.k8s.io'], resources: [`${resource._groupResource}/${this.name}`], verbs: ['get'] };
  }

  /** The metric as an autoscaler names it. */
  public identifier(selector: Labels): object {
    return { name: this.name, ...Object.keys(selector).length > 0 && { selector: { matchLabels: selector } } };
  }

  /** A selector with further labels, which the result has to have. */
  public narrowed(selector: Labels, labels: Labels): Labels {
    checkLabels(this.scope, 'labels', labels ?? null);
    const missing = Object.keys(labels).find((label) => !this.labels.has(label));
    if (missing !== undefined) {
      refuse(this.scope, {
        property: `labels['${missing}']`,
        given: missing,
        allowed: `labels that the result of the query has: ${this.labels.known?.join(', ') || 'there are none'}`,
        mend: `write ${missing} into the query's by (…), or leave it out`,
      });
    }
    return { ...selector, ...labels };
  }
}

function durationOf(duration: Duration | undefined): string | undefined {
  return duration && goDuration(duration.toMilliseconds());
}
