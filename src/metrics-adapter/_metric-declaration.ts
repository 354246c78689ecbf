import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkMetricOptionsTogether } from './_metric-checks';
import { checkMetricOrigin } from './_metric-origin-checks';
import { checkMetricQuery } from './_metric-query-checks';
import { DescribedKind, Origin } from './_origin';
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
  readonly namespace: string;
  /** Those that answer queries. */
  readonly sources: readonly MetricSource[];
  readonly httpSources: readonly MetricSource[];
  /** Names of the metrics before it. */
  readonly declared: readonly string[];
}

/** A metric as it is declared once: what is asked, of what it is, who may read it. */
export class MetricDeclaration {
  public readonly scope: IConstruct;
  private readonly labels: LabelSet;

  constructor(
    place: MetricPlace, public readonly name: string, private readonly options: MetricOptions,
    private readonly namespaceLabel: string | undefined, public readonly objects?: DescribedObjects,
    private readonly namespaces?: readonly string[],
  ) {
    this.scope = place.scope;
    checkMetricOptionsTogether(place, options);
    const identifying = [namespaceLabel, objects?.nameLabel].filter((label) => label !== undefined);
    const { origin, query } = options;
    this.labels = origin
      ? checkMetricOrigin(origin._origin, { ...place, name, identifying }, kindOf(objects), options)
      : checkMetricQuery(this.scope, query!, identifying, options.sources ?? place.sources.slice(0, 1)).labels;
  }

  /** Where its values come from, if not from a query. */
  public get origin(): Origin | undefined {
    return this.options.origin?._origin;
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
      ...this.origin?.configuration() ?? { query },
      ...resource && !this.origin?.of && { object: { ...resource._group !== '' && { group: resource._group }, resource: resource._resource, nameLabel } },
      ...this.namespaceLabel !== undefined && !this.origin?.of && { namespaceLabel: this.namespaceLabel },
      ...this.namespaces && { namespaces: this.namespaces },
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
        allowed: `labels that the result of the ${this.origin ? 'metric' : 'query'} has: ${this.labels.known?.join(', ') || 'there are none'}`,
        mend: this.origin ? `leave ${missing} out, or give the values that label` : `write ${missing} into the query's by (…), or leave it out`,
      });
    }
    const other = Object.keys(labels).find((label) => Object.hasOwn(selector, label) && selector[label] !== labels[label]);
    if (other !== undefined) {
      refuse(this.scope, {
        property: `labels['${other}']`,
        given: labels[other],
        allowed: `${selector[other]}, which the metric matches already: no series has both`,
        mend: 'call matching() on the metric that was declared',
      });
    }
    return { ...selector, ...labels };
  }
}

function kindOf(objects: DescribedObjects | undefined): DescribedKind {
  if (!objects) return 'nothing';
  return objects.resource._groupResource === 'pods' ? 'pods' : 'objects';
}

function durationOf(duration: Duration | undefined): string | undefined {
  return duration && goDuration(duration.toMilliseconds());
}
