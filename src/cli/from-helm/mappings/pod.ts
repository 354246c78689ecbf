import { Flag, flagsOf, lastFlag } from '../command-line';
import { Mapping, property, texts } from '../mapping';
import { Translation } from '../translation';
import { Values } from '../values';
import { imageFacts } from './image';

const KUBELET_PORT = 10250;

/** The chart's probes and Service go on asking at containerPort, where the server does not listen. */
function overruled({ from }: Flag, containerPort: number, values: Values, to: Translation): void {
  if ('containerPort' in values.given) to.leave('containerPort', `${from} lets the server listen on another port, which probes and Service follow here`);
  else to.remark('securePort', `${from} lets the server listen there, while the chart's probes and Service ask at containerPort ${containerPort}; here they follow it`);
}

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
    translate: (values, to, release) => {
      const flag = lastFlag(flagsOf(values), 'secure-port');
      const containerPort = values.number('containerPort') ?? KUBELET_PORT;
      const port = flag ? Number(flag.value) : containerPort;
      if (port !== containerPort) overruled(flag!, containerPort, values, to);
      // In the node's network the kubelet has taken that one, and the construct another.
      if (values.boolean('hostNetwork.enabled') && port === KUBELET_PORT) return;
      if (port !== imageFacts(values, release).pod.securePort) to.set('securePort', port);
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
