import { OpenApiFragment } from '../../server/group-version';
import { metaName, metaSchemas, quantityName } from '../openapi/meta-schemas';
import { kindSchema, listSchema } from '../openapi/object-schemas';
import { listParameters, path } from '../openapi/parameters';
import { valuesPath } from '../openapi/paths';
import { describedRef, int64, map, requiredText } from '../openapi/schema';

const of = { group: 'external.metrics.k8s.io', version: 'v1beta1', kind: 'ExternalMetricValue' };
const schemaName = 'io.k8s.metrics.pkg.apis.external_metrics.v1beta1.ExternalMetricValue';

/** What `external.metrics.k8s.io` offers: one path for all metrics. */
export const externalMetricsOpenApi: OpenApiFragment = {
  paths: {
    [`/apis/${of.group}/${of.version}/namespaces/{namespace}/{resource}`]: valuesPath({
      of,
      verb: 'list',
      noun: 'NamespacedExternalMetricValue',
      schemaName,
      description: 'Values of a metric that describes nothing of the cluster; labelSelector chooses among its series.',
      parameters: listParameters(true, [path('resource', 'The name of the metric.')]),
    }),
  },
  schemas: {
    ...metaSchemas,
    [schemaName]: kindSchema(of, 'Value of one series of a metric.', ['metricName', 'metricLabels', 'timestamp', 'value'], {
      metricName: requiredText('The name of the metric.'),
      metricLabels: map('The labels of the series.', { type: 'string', default: '' }),
      timestamp: describedRef('When the value was measured.', metaName('Time')),
      window: int64('Seconds over which a rate was computed.'),
      value: describedRef('The value.', quantityName),
    }),
    [`${schemaName}List`]: listSchema(of, schemaName),
  },
};
