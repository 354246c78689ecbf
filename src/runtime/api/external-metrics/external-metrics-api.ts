import { ExternalValueItem } from './external-value-item';
import { externalMetricsOpenApi } from './openapi';
import { ExternalMetricsProvider } from '../../custom-metrics/provider';
import { ApiRequest, ApiResource, ApiResult, GroupVersion } from '../../server/group-version';
import { parseListOptions } from '../../server/list-options';
import { RequestInfo } from '../../server/request-info';
import { StatusError } from '../../server/status';
import { NO_SEGMENTS } from '../custom-metrics/metric-path';
import { MetricResources } from '../metric-resources';
import { ValueObserver } from '../value-freshness';

export const externalMetricsGroup = 'external.metrics.k8s.io';

const KIND = 'ExternalMetricValueList';

/** A metric may mean what it likes by the namespace, yet is always asked for in one. */
const PLACEHOLDER: ApiResource = { name: 'externalmetrics', singularName: '', namespaced: true, kind: KIND, verbs: ['get'] };

/** `external.metrics.k8s.io`: metrics that describe nothing of the cluster, whoever provides them. */
export function externalMetricsApi(provider: ExternalMetricsProvider, onValues?: ValueObserver): GroupVersion {
  const resources = new MetricResources(() => provider.listAllExternalMetrics(), PLACEHOLDER, ({ metric }) => ({ ...PLACEHOLDER, name: metric }));
  return {
    group: externalMetricsGroup,
    version: 'v1beta1',
    get resources() {
      return resources.current();
    },
    openapi: externalMetricsOpenApi,
    openEnded: true,
    async handle({ info, query, signal }: ApiRequest): Promise<ApiResult> {
      const { namespace, metric } = metricOf(info);
      const { labelSelector, fieldSelector, watch } = parseListOptions(query);
      // `metadata.name=x` would be authorized as the object `x`, and answered with all values.
      if (fieldSelector.length > 0) throw StatusError.badRequest('field selectors are not supported: values of external metrics have no fields');
      if (watch) throw StatusError.watchNotSupported('*', externalMetricsGroup);
      const values = await provider.getExternalMetric(namespace, labelSelector, { metric }, signal);
      onValues?.(values);
      return { kind: KIND, items: values.map((value) => new ExternalValueItem(metric, value)) };
    },
  };
}

/**
 * Reads `namespaces/{namespace}/{metric}`. What was authorized must be the metric: of `status` and `finalize`, Kubernetes reads
 * that a namespace's subresource is asked for.
 */
function metricOf({ parts, resource }: RequestInfo): { namespace: string; metric: string } {
  const [first, namespace, metric] = parts;
  if (parts.length !== 3 || parts.some((part) => NO_SEGMENTS.includes(part)) || first !== 'namespaces' || resource !== metric) throw StatusError.notFoundPath();
  return { namespace, metric };
}
