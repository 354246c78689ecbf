import { lastFlag, flagsOf } from '../command-line';
import { Mapping, property, texts } from '../mapping';
import { imageFacts } from './image';

const KUBELET_PORT = 10250;

export const POD: readonly Mapping[] = [
  texts('podLabels', 'podLabels', 'Of the pods alone.'),
  texts('podAnnotations', 'podAnnotations', 'Of the pods alone.'),
  texts('deploymentAnnotations', 'deploymentAnnotations', 'Of the Deployment, not of its pods.'),
  {
    values: { priorityClassName: 'system-cluster-critical' },
    properties: [property('priorityClassName')],
    note: 'The default is the chart\'s.',
    translate: (values, to) => {
      const name = values.text('priorityClassName');
      if (name !== 'system-cluster-critical') to.set('priorityClassName', name);
    },
  },
  {
    values: { containerPort: KUBELET_PORT },
    properties: [property('securePort')],
    note: 'Port of the container and `--secure-port` in one. The default is the chart\'s.',
    translate: (values, to) => {
      const port = Number(lastFlag(flagsOf(values), 'secure-port')?.value ?? values.number('containerPort') ?? KUBELET_PORT);
      // In the node's network the kubelet has taken that one, and the construct another.
      if (values.boolean('hostNetwork.enabled') && port === KUBELET_PORT) return;
      if (port !== imageFacts(values).pod.securePort) to.set('securePort', port);
    },
  },
  {
    values: { 'hostNetwork.enabled': false },
    properties: [property('hostNetwork'), property('securePort')],
    note: 'With `dnsPolicy: ClusterFirstWithHostNet`, and never on the kubelet\'s port 10250: the default is 4443 then.',
    translate: (values, to) => {
      if (values.boolean('hostNetwork.enabled')) to.set('hostNetwork', true);
    },
  },
];
