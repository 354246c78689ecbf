import { CHART } from '../chart';
import { Mapping, property } from '../mapping';

export const NAMES: readonly Mapping[] = [
  {
    values: { nameOverride: '', fullnameOverride: '' },
    properties: [property('name'), property('selectorLabels')],
    note: '`from-helm` computes the release\'s name and selector labels as the chart does, and writes them out.',
    translate: (_values, to, release) => {
      if (release.fullname !== CHART.name) to.set('name', release.fullname);
      to.set('selectorLabels', release.selectorLabels);
    },
  },
  {
    values: { namespaceOverride: '' },
    properties: [property('namespace')],
    note: 'Not in chart 3.13.1 yet. `from-helm` takes it for the namespace.',
    translate: (_values, to, release) => {
      if (release.namespace !== 'kube-system') to.set('namespace', release.namespace);
    },
  },
  {
    values: { commonLabels: {} },
    properties: [property('labels')],
    note: 'Of all objects. The chart leaves the pods out, here they have them too.',
    translate: (values, to) => {
      const labels = values.texts('commonLabels');
      if (Object.keys(labels).length === 0) return;
      to.set('labels', labels);
      to.remark('labels', 'The pods have these as well, which the chart leaves out');
    },
  },
];
