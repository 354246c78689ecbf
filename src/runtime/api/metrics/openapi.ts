import { metricsGroup as group, MetricsVersion } from './group-version';
import { OpenApiFragment } from '../../server/group-version';
import { metaName, metaSchemas, quantityName } from '../openapi/meta-schemas';
import { listSchema, objectSchema } from '../openapi/object-schemas';
import { listPath, readPath, ResourcePath } from '../openapi/paths';
import { atomicArray, describedRef, map, ref, requiredText } from '../openapi/schema';

const timestamp = describedRef('When the last of the two samples was taken. Usage is the average over the window that ends here.', metaName('Time'));
const window = describedRef('Time between the two samples.', metaName('Duration'));
const usage = map('cpu: cores used on average over the window. memory: working set at the timestamp, in bytes. swap: swap space then, in bytes, where the kubelet reports it. What is not known is left out.', ref(quantityName));

/** What `metrics.k8s.io` offers, in the form that `kubectl explain` and the aggregator of kube-apiserver read. */
export function metricsOpenApi(version: MetricsVersion): OpenApiFragment {
  const root = `/apis/${group}/${version}`;
  const schemaName = (type: string) => `io.k8s.metrics.pkg.apis.metrics.${version}.${type}`;
  const path = (kind: string, scope: ResourcePath['scope']): ResourcePath => ({ group, version, kind, scope, schemaName: schemaName(kind) });
  const nodeMetrics = { group, version, kind: 'NodeMetrics' };
  const podMetrics = { group, version, kind: 'PodMetrics' };
  const containers = atomicArray('Usage of each container, all over the same window.', ref(schemaName('ContainerMetrics')));
  return {
    paths: {
      [`${root}/namespaces/{namespace}/pods`]: listPath(path('PodMetrics', 'Namespaced')),
      [`${root}/namespaces/{namespace}/pods/{name}`]: readPath(path('PodMetrics', 'Namespaced')),
      [`${root}/nodes`]: listPath(path('NodeMetrics', 'Cluster')),
      [`${root}/nodes/{name}`]: readPath(path('NodeMetrics', 'Cluster')),
      [`${root}/pods`]: listPath(path('PodMetrics', 'ForAllNamespaces')),
    },
    schemas: {
      ...metaSchemas,
      [schemaName('ContainerMetrics')]: {
        description: 'CPU and memory that a container uses.',
        type: 'object',
        required: ['name', 'usage'],
        properties: { name: requiredText('Name of the container in the pod.'), usage },
      },
      [schemaName('NodeMetrics')]: objectSchema(nodeMetrics, 'CPU and memory that a node uses.', { timestamp, window, usage }),
      [schemaName('NodeMetricsList')]: listSchema(nodeMetrics, schemaName('NodeMetrics')),
      [schemaName('PodMetrics')]: objectSchema(podMetrics, 'CPU and memory that the containers of a pod use.', { timestamp, window, containers }),
      [schemaName('PodMetricsList')]: listSchema(podMetrics, schemaName('PodMetrics')),
    },
  };
}
