import { prefixed, same } from '../leaves';
import { Mapping, property } from '../mapping';
import { struct } from '../shape';

const REQUESTS = { requests: { cpu: '100m', memory: '200Mi' } };

/** YAML has numbers where Kubernetes has quantities: `cpu: 1`. */
const quantities = struct({ cpu: String, memory: String });
export const containerResources = struct({ requests: quantities, limits: quantities });

export const RESOURCES: readonly Mapping[] = [
  {
    values: prefixed('resources', REQUESTS),
    trees: ['resources'],
    properties: [property('resources')],
    note: 'CPU and memory. The default is the chart\'s. With a nanny, which sets them, there are none.',
    translate: (values, to) => {
      if (values.boolean('addonResizer.enabled')) return;
      const resources = values.map('resources');
      if (!same(resources, REQUESTS)) to.set('resources', containerResources(resources, 'resources', to));
    },
  },
];
