import { PolicyRule } from './policy-rule';
import { allOf, fieldsOf, listOf } from '../validation/_checks';
import { Check, checkText, refuse } from '../validation/_validation';

const checkNamed: Check = (scope, property, value) => {
  checkText(scope, property, value);
  if (value === '') refuse(scope, { property, given: value, allowed: 'text that is not empty', mend: `remove ${property}, or fill it in` });
};

const checkPath: Check = (scope, property, value) => {
  if (typeof value === 'string' && /^\/|^\*$/.test(value)) return;
  refuse(scope, { property, given: value, allowed: 'a path that begins with /, or *', mend: 'write it as in /metrics' });
};

/** A rule as Kubernetes accepts it: for resources of API groups, or for paths. */
export const checkPolicyRule = allOf(
  fieldsOf<PolicyRule>({ verbs: listOf(checkNamed, 1) }, {
    apiGroups: listOf(checkText),
    resources: listOf(checkNamed),
    resourceNames: listOf(checkNamed),
    nonResourceUrls: listOf(checkPath),
  }),
  (scope, property, value) => {
    const { verbs: _, ...targets } = value as PolicyRule;
    const given = Object.entries(targets).filter(([, list]) => list !== undefined && list.length > 0).map(([name]) => name).sort();
    const { apiGroups, resources, nonResourceUrls } = targets;
    const forResources = apiGroups?.length && resources?.length && !nonResourceUrls?.length;
    if (forResources || given.join() === 'nonResourceUrls') return;
    refuse(scope, {
      property,
      given: given.length > 0 ? `verbs with ${given.join(', ')}` : 'verbs alone',
      allowed: 'apiGroups and resources, with or without resourceNames; or nonResourceUrls alone',
      mend: 'say what the verbs are for, each kind in a rule of its own; the core API group is \'\'',
    });
  },
);
