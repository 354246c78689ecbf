import { Mapping, property, texts } from '../mapping';
import { oneOf } from '../shape';

export const SERVICE: readonly Mapping[] = [
  {
    values: { 'service.type': 'ClusterIP' },
    properties: [property('serviceType'), 'ServiceType.CLUSTER_IP', 'ServiceType.NODE_PORT', 'ServiceType.LOAD_BALANCER'],
    note: 'kube-apiserver asks from within: `ClusterIP` suffices.',
    translate: (values, to) => {
      const type = values.text('service.type');
      if (type !== 'ClusterIP') to.set('serviceType', oneOf('ServiceType', 'NodePort', 'LoadBalancer')(type, 'service.type', to));
    },
  },
  {
    values: { 'service.port': 443 },
    properties: [property('servicePort')],
    note: 'The APIServices follow it.',
    translate: (values, to) => {
      const port = values.number('service.port');
      if (port !== 443) to.set('servicePort', port);
    },
  },
  texts('service.annotations', 'serviceAnnotations', 'As they are.'),
  texts('service.labels', 'serviceLabels', 'As they are.'),
];
