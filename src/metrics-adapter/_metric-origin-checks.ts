import { DescribedKind, Origin, OriginPlace } from './_origin';
import { MetricOptions } from './metric-options';
import { LabelSet } from '../promql/_label-set';
import { refuse } from '../validation/_validation';

const METHODS: Readonly<Record<DescribedKind, string>> = { pods: 'addPodsMetric', objects: 'addObjectMetric', nothing: 'addExternalMetric' };

/** Labels that say of what values are. */
interface IdentifyingOptions extends MetricOptions {
  readonly nameLabel?: string;
  readonly namespaceLabel?: string;
}

/** Reads where a metric comes from, which has to give values of what it is declared to be of. */
export function checkMetricOrigin(
  origin: Origin, place: OriginPlace & { readonly namespace: string }, kind: DescribedKind, { nameLabel, namespaceLabel }: IdentifyingOptions,
): LabelSet {
  const { scope, identifying } = place;
  const property = 'options.origin';
  origin.check(place, property, place.namespace);
  if (origin.of && origin.of !== kind) {
    refuse(scope, { property, given: `values of ${origin.of}`, allowed: `in ${METHODS[origin.of]}() only`, mend: `declare the metric by ${METHODS[origin.of]}()` });
  }
  const labels = origin.labels(identifying);
  if (origin.of) {
    const named = Object.entries({ nameLabel, namespaceLabel }).find(([, value]) => value !== undefined);
    if (named) refuse(scope, { property: `options.${named[0]}`, given: named[1], allowed: 'none beside this origin, whose values say of what they are', mend: `remove ${named[0]}` });
    return labels;
  }
  const missing = identifying.filter((label) => !labels.has(label));
  if (missing.length === 0) return labels;
  return refuse(scope, {
    property,
    given: `values with the labels ${labels.known?.join(', ') || 'none'}`,
    allowed: `the labels ${identifying.join(' and ')}, which say what a value is of`,
    mend: `give them ${missing.join(', ')}, or say by nameLabel and namespaceLabel which labels they are`,
  });
}
