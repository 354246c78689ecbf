import { customMetricsGroup as group, CustomMetricsVersion } from './group-version';
import { OpenApiFragment } from '../../server/group-version';
import { labelSelectorSchemas } from '../openapi/label-selector-schema';
import { metaName, metaSchemas, quantityName } from '../openapi/meta-schemas';
import { kindSchema, listSchema } from '../openapi/object-schemas';
import { listParameters, path, query } from '../openapi/parameters';
import { valuesPath } from '../openapi/paths';
import { describedRef, int64, requiredText, Schema, text } from '../openapi/schema';

const MEANING = 'Value of a metric for one object.';

const objectReferenceName = 'io.k8s.api.core.v1.ObjectReference';

const objectReference: Schema = {
  'description': 'Names an object of the cluster.',
  'type': 'object',
  'properties': {
    apiVersion: text('API version of the object.'),
    fieldPath: text('Always empty.'),
    kind: text('Kind of the object.'),
    name: text('Name of the object.'),
    namespace: text('Namespace of the object, empty when it is cluster-scoped.'),
    resourceVersion: text('Always empty.'),
    uid: text('Always empty.'),
  },
  'x-kubernetes-map-type': 'atomic',
};

const describedObject = describedRef('The object that the value describes.', objectReferenceName);
const timestamp = describedRef('When the value was measured.', metaName('Time'));
const value = describedRef('The value.', quantityName);
const window = int64('Seconds over which a rate was computed.');
const selector = describedRef('The series that the value is of, as the request chose them.', metaName('LabelSelector'));

const metricIdentifier: Schema = {
  description: 'A metric, and the series of it that were chosen.',
  type: 'object',
  required: ['name'],
  properties: { name: requiredText('The name of the metric.'), selector },
};

/** What `custom.metrics.k8s.io` offers. The paths are patterns, so that the document is as small with ten thousand metrics. */
export function customMetricsOpenApi(version: CustomMetricsVersion): OpenApiFragment {
  const root = `/apis/${group}/${version}`;
  const schemaName = (type: string) => `io.k8s.metrics.pkg.apis.custom_metrics.${version}.${type}`;
  const of = { group, version, kind: 'MetricValue' };
  const metric = path('subresource', 'The name of the metric.');
  const resource = path('resource', 'The resource of the objects: pods, ingresses.networking.k8s.io.');
  const name = path('name', 'The name of the object; * for all that labelSelector chooses.');
  const metricSelector = query('metricLabelSelector', 'string', 'Chooses among the series of the metric.');
  const values = (verb: string, noun: string, namespaced: boolean, segments: readonly Schema[]) => valuesPath({
    of,
    verb,
    noun,
    description: 'Values of a metric that describes objects.',
    schemaName: schemaName('MetricValue'),
    parameters: listParameters(namespaced, [metricSelector, ...segments]),
  });
  return {
    paths: {
      [`${root}/namespaces/{namespace}/metrics/{name}`]:
        values('read', 'MetricValueForNamespace', true, [path('name', 'The name of the metric, which describes the namespace.')]),
      [`${root}/namespaces/{namespace}/{resource}/{name}/{subresource}`]: values('list', 'NamespacedMetricValue', true, [resource, name, metric]),
      [`${root}/{resource}/{name}/{subresource}`]: values('list', 'MetricValue', false, [resource, name, metric]),
    },
    schemas: {
      ...metaSchemas,
      ...labelSelectorSchemas,
      [objectReferenceName]: objectReference,
      ...version === 'v1beta1' ? {} : { [schemaName('MetricIdentifier')]: metricIdentifier },
      [schemaName('MetricValue')]: version === 'v1beta1'
        ? kindSchema(of, MEANING, ['describedObject', 'metricName', 'timestamp', 'value', 'selector'], {
          describedObject, metricName: requiredText('The name of the metric.'), timestamp, window, value, selector,
        })
        : kindSchema(of, MEANING, ['describedObject', 'metric', 'timestamp', 'value'], {
          describedObject, metric: describedRef('The metric.', schemaName('MetricIdentifier')), timestamp, windowSeconds: window, value,
        }),
      [schemaName('MetricValueList')]: listSchema(of, schemaName('MetricValue')),
    },
  };
}
