import { Mapping, property } from '../mapping';
import { affinity, dnsConfig, toleration, topologySpreadConstraint } from '../pod-shapes';
import { list, Shape } from '../shape';
import { isTree } from '../values';

const LINUX = { 'kubernetes.io/os': 'linux' };

export const SCHEDULING: readonly Mapping[] = [
  {
    values: { nodeSelector: {} },
    properties: [property('nodeSelector')],
    note: 'The default is `kubernetes.io/os: linux`, which the chart lacks; `from-helm` adds it to other labels.',
    translate: (values, to) => {
      const labels = values.texts('nodeSelector');
      if (Object.keys(labels).length > 0) to.set('nodeSelector', { ...LINUX, ...labels });
    },
  },
  passedOn('tolerations', [], list(toleration), 'Without a value a key is tolerated whatever its value (`operator: Exists`).'),
  passedOn('affinity', {}, affinity, 'The fields of the Kubernetes API, typed.'),
  passedOn('topologySpreadConstraints', [], list(topologySpreadConstraint), 'The fields of the Kubernetes API, typed; without a label selector the server\'s own pods count.'),
  passedOn('dnsConfig', {}, dnsConfig, 'The fields of the Kubernetes API, typed.'),
  {
    values: { schedulerName: '' },
    properties: [property('schedulerName')],
    note: 'As it is.',
    translate: (values, to) => to.set('schedulerName', values.text('schedulerName') || undefined),
  },
];

function passedOn(name: string, empty: object, shape: Shape, note: string): Mapping {
  return {
    values: { [name]: empty },
    properties: [property(name)],
    note,
    translate: (values, to) => {
      const value = Array.isArray(empty) ? values.list(name) : values.map(name);
      if (isTree(value) ? Object.keys(value).length > 0 : value.length > 0) to.set(name, shape(value, name, to));
    },
  };
}
