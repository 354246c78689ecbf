import { IConstruct } from 'constructs';
import { Affinity } from './affinity';
import {
  NodeAffinity, NodeSelector, NodeSelectorOperator, NodeSelectorRequirement, NodeSelectorTerm, PreferredSchedulingTerm,
} from './node-affinity';
import { PodAffinity, PodAffinityTerm, PodAntiAffinity, WeightedPodAffinityTerm } from './pod-affinity';
import { NodeInclusionPolicy, TopologySpreadConstraint, UnsatisfiableConstraintAction } from './topology-spread-constraint';
import { LabelSelector, LabelSelectorOperator, LabelSelectorRequirement } from '../kubernetes/label-selector';
import { allOf, fieldsOf, listOf, memberOf, wholeNumber } from '../validation/_checks';
import { Check, checkLabelKey, checkLabelName, checkLabels, checkLabelValue, checkObjectName, MAX_INT32, refuse } from '../validation/_validation';

/** How many values each operator takes. */
const checkValues: Check = (scope, property, value) => {
  const { operator, values = [] } = value as NodeSelectorRequirement;
  const wrong = (allowed: string, mend: string) => refuse(scope, { property: `${property}.values`, given: values, allowed: `with ${operator}, ${allowed}`, mend });
  switch (operator) {
    case NodeSelectorOperator.IN:
    case NodeSelectorOperator.NOT_IN:
      return values.length > 0 ? undefined : wrong('one or more', 'add a value, or ask whether the label is there with Exists or DoesNotExist');
    case NodeSelectorOperator.GT:
    case NodeSelectorOperator.LT:
      return values.length === 1 && /^\d+$/.test(values[0]) ? undefined : wrong('one whole number, as text', 'write values as in [\'4\']');
    default:
      return values.length === 0 ? undefined : wrong('none', 'leave values out, or compare with In or NotIn');
  }
};

const checkSelectorRequirement = allOf(
  fieldsOf<LabelSelectorRequirement>(
    { key: checkLabelKey, operator: memberOf('LabelSelectorOperator', LabelSelectorOperator) }, { values: listOf(checkLabelValue) },
  ),
  checkValues,
);

const checkLabelSelector = fieldsOf<LabelSelector>({}, { matchLabels: checkLabels, matchExpressions: listOf(checkSelectorRequirement) });

const nodeRequirement = (checkOneValue: Check) => allOf(
  fieldsOf<NodeSelectorRequirement>(
    { key: checkLabelKey, operator: memberOf('NodeSelectorOperator', NodeSelectorOperator) }, { values: listOf(checkOneValue) },
  ),
  checkValues,
);

/** Kubernetes knows one field, and compares it with one name. */
const checkNodeField = allOf(nodeRequirement(checkObjectName), (scope, property, value) => {
  const { key, operator, values = [] } = value as NodeSelectorRequirement;
  const compares = operator === NodeSelectorOperator.IN || operator === NodeSelectorOperator.NOT_IN;
  if (key === 'metadata.name' && compares && values.length === 1) return;
  refuse(scope, { property, given: value, allowed: 'metadata.name with In or NotIn and one value', mend: 'compare a label in matchExpressions instead' });
});

const checkNodeTerm = allOf(
  fieldsOf<NodeSelectorTerm>({}, { matchExpressions: listOf(nodeRequirement(checkLabelValue)), matchFields: listOf(checkNodeField) }),
  (scope, property, value) => {
    const { matchExpressions = [], matchFields = [] } = value as NodeSelectorTerm;
    if (matchExpressions.length + matchFields.length > 0) return;
    refuse(scope, { property, given: value, allowed: 'at least one demand: an empty term means no node', mend: 'add one to matchExpressions, or remove the term' });
  },
);

const checkWeight = wholeNumber(1, 100);

const checkNodeAffinity = fieldsOf<NodeAffinity>({}, {
  requiredDuringSchedulingIgnoredDuringExecution: fieldsOf<NodeSelector>({ nodeSelectorTerms: listOf(checkNodeTerm, 1) }, {}),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(fieldsOf<PreferredSchedulingTerm>({ preference: checkNodeTerm, weight: checkWeight }, {})),
});

/** Each label is asked for once: by key in the pod, or in the selector. */
const checkMatchKeys: Check = (scope, property, value) => {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = value as Partial<PodAffinityTerm>;
  const selected = [...Object.keys(labelSelector?.matchLabels ?? {}), ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key)];
  const keys = [...matchLabelKeys, ...mismatchLabelKeys];
  const twice = keys.find((key, i) => selected.includes(key) || keys.indexOf(key) !== i);
  if (twice === undefined) return;
  refuse(scope, {
    property: `${property}.${mismatchLabelKeys.includes(twice) ? 'mismatchLabelKeys' : 'matchLabelKeys'}`,
    given: keys,
    allowed: `each label once, and ${twice} is named twice, or in labelSelector as well`,
    mend: `remove ${twice} from one of them`,
  });
};

const checkPodTerm = allOf(
  fieldsOf<PodAffinityTerm>({ labelSelector: checkLabelSelector, topologyKey: checkLabelKey }, {
    namespaces: listOf(checkLabelName),
    namespaceSelector: checkLabelSelector,
    matchLabelKeys: listOf(checkLabelKey),
    mismatchLabelKeys: listOf(checkLabelKey),
  }),
  checkMatchKeys,
);

const POD_AFFINITY_CHECKS = {
  requiredDuringSchedulingIgnoredDuringExecution: listOf(checkPodTerm),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(
    fieldsOf<WeightedPodAffinityTerm>({ podAffinityTerm: checkPodTerm, weight: checkWeight }, {}),
  ),
};

export const checkAffinity = fieldsOf<Affinity>({}, {
  nodeAffinity: checkNodeAffinity,
  podAffinity: fieldsOf<PodAffinity>({}, POD_AFFINITY_CHECKS),
  podAntiAffinity: fieldsOf<PodAntiAffinity>({}, POD_AFFINITY_CHECKS),
});

const checkConstraint = allOf(
  fieldsOf<TopologySpreadConstraint>({
    topologyKey: checkLabelKey,
    whenUnsatisfiable: memberOf('UnsatisfiableConstraintAction', UnsatisfiableConstraintAction),
  }, {
    maxSkew: wholeNumber(1, MAX_INT32),
    labelSelector: checkLabelSelector,
    minDomains: wholeNumber(1, MAX_INT32),
    nodeAffinityPolicy: memberOf('NodeInclusionPolicy', NodeInclusionPolicy),
    nodeTaintsPolicy: memberOf('NodeInclusionPolicy', NodeInclusionPolicy),
    matchLabelKeys: listOf(checkLabelKey),
  }),
  checkMatchKeys,
  (scope, property, value) => {
    const { minDomains, whenUnsatisfiable } = value as TopologySpreadConstraint;
    if (minDomains === undefined || whenUnsatisfiable === UnsatisfiableConstraintAction.DO_NOT_SCHEDULE) return;
    refuse(scope, {
      property: `${property}.minDomains`,
      given: minDomains,
      allowed: 'only with whenUnsatisfiable DoNotSchedule',
      mend: 'leave minDomains out, or set whenUnsatisfiable to UnsatisfiableConstraintAction.DO_NOT_SCHEDULE',
    });
  },
);

export const checkSpread = allOf(listOf(checkConstraint), (scope, property, value) => {
  const constraints = value as TopologySpreadConstraint[];
  const pairs = constraints.map(({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`);
  const second = pairs.findIndex((pair, i) => pairs.indexOf(pair) !== i);
  if (second < 0) return;
  const { topologyKey, whenUnsatisfiable } = constraints[second];
  refuse(scope, {
    property: `${property}[${second}]`,
    given: `${topologyKey} with ${whenUnsatisfiable}, again`,
    allowed: 'each topologyKey once with each whenUnsatisfiable',
    mend: 'make one constraint of the two',
  });
});

/** A constraint without labelSelector counts pods by selectorLabels; one label in both lets no pod be created. */
export function checkSpreadKeys(
  scope: IConstruct, constraints: readonly TopologySpreadConstraint[] = [], selectorLabels: Readonly<Record<string, string>>,
): void {
  constraints.forEach(({ labelSelector, matchLabelKeys = [] }, i) => {
    const twice = labelSelector === undefined ? matchLabelKeys.find((key) => key in selectorLabels) : undefined;
    if (twice === undefined) return;
    refuse(scope, {
      property: `topologySpreadConstraints[${i}].matchLabelKeys`,
      given: matchLabelKeys,
      allowed: `labels that are not in selectorLabels, as ${twice} is: the pods are counted by those where labelSelector is left out`,
      mend: `remove ${twice}, or set labelSelector`,
    });
  });
}
