import { metaName } from './meta-schemas';
import { atomicArray, map, ref, requiredText, Schema, text } from './schema';

/** meta.k8s.io/v1 LabelSelector. */
export const labelSelectorSchemas: Readonly<Record<string, Schema>> = {
  [metaName('LabelSelector')]: {
    'description': 'Chooses by labels; all that it says must hold.',
    'type': 'object',
    'properties': {
      matchExpressions: atomicArray('Requirements, each on one label.', ref(metaName('LabelSelectorRequirement'))),
      matchLabels: map('Values that labels must have.', { type: 'string' }),
    },
    'x-kubernetes-map-type': 'atomic',
  },
  [metaName('LabelSelectorRequirement')]: {
    description: 'A requirement on one label.',
    type: 'object',
    required: ['key', 'operator'],
    properties: {
      key: requiredText('The label.'),
      operator: requiredText('In, NotIn, Exists or DoesNotExist.'),
      values: atomicArray('What In and NotIn compare with.', text('A value.')),
    },
  },
};
