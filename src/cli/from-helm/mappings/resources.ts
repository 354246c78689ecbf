import { Fields } from '../../typescript/expression';
import { prefixed, same } from '../leaves';
import { Mapping, property } from '../mapping';
import { Shape, struct, text } from '../shape';
import { isTree } from '../values';

const REQUESTS = { requests: { cpu: '100m', memory: '200Mi' } };

/** YAML has numbers where Kubernetes has quantities: `cpu: 1`. */
const quantities: Shape = (value, at, to) => {
  const written = struct({ 'cpu': text, 'memory': text, 'ephemeral-storage': text })(value, at, to);
  if (!isTree(written)) return written;
  const { 'ephemeral-storage': ephemeralStorage, ...others } = written as Fields;
  return ephemeralStorage === undefined ? others : { ...others, ephemeralStorage };
};
export const containerResources = struct({ requests: quantities, limits: quantities });

export const RESOURCES: readonly Mapping[] = [
  {
    values: prefixed('resources', REQUESTS),
    trees: ['resources'],
    properties: [property('resources')],
    note: 'CPU and memory. The default is the chart\'s. With a nanny, which sets them, there are none.',
    translate: (values, to) => {
      const resources = values.map('resources');
      if (same(resources, REQUESTS)) return;
      if (values.boolean('addonResizer.enabled')) to.leave('resources', 'the nanny sets requests and limits, both to its estimate');
      else to.set('resources', containerResources(withoutDefaults(resources), 'resources', to));
    },
  },
];

/** A request that the values took away is empty text here: otherwise it would be the default one. */
function withoutDefaults(resources: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { requests = {} } = resources;
  return isTree(requests) ? { ...resources, requests: { cpu: '', memory: '', ...requests } } : resources;
}
