import { customMetricsGroup, CustomMetricsVersion } from './group-version';
import { ALL, MetricPath, parseMetricPath } from './metric-path';
import { MetricValueItem } from './metric-value-item';
import { customMetricsOpenApi } from './openapi';
import { MetricNotFoundError } from '../../custom-metrics/metric-errors';
import { ClusterObjects, formatGroupResource } from '../../custom-metrics/objects';
import { CustomMetricInfo, CustomMetricsProvider } from '../../custom-metrics/provider';
import { parseSelector, Selector } from '../../labels/selector';
import { exactName } from '../../server/field-selector';
import { ApiRequest, ApiResource, ApiResult, GroupVersion } from '../../server/group-version';
import { readListOptions } from '../../server/list-options';
import { StatusError } from '../../server/status';
import { LabelSelector, labelSelectorOf } from '../label-selector';
import { MetricResources } from '../metric-resources';
import { ValueObserver } from '../value-freshness';

export interface CustomMetricsApiOptions {
  readonly version: CustomMetricsVersion;
  readonly provider: CustomMetricsProvider;
  readonly objects: Pick<ClusterObjects, 'mapping'>;
  readonly onValues?: ValueObserver;
}

const KIND = 'MetricValueList';

const PLACEHOLDER: ApiResource = { name: 'custommetrics', singularName: '', namespaced: true, kind: KIND, verbs: ['get'] };

function resourceOf({ groupResource, namespaced, metric }: CustomMetricInfo): ApiResource {
  return { ...PLACEHOLDER, name: `${formatGroupResource(groupResource)}/${metric}`, namespaced };
}

/** One version of `custom.metrics.k8s.io`: metrics that describe objects of the cluster, whoever provides them. */
export function customMetricsApi({ version, provider, objects, onValues }: CustomMetricsApiOptions): GroupVersion {
  const resources = new MetricResources(() => provider.listAllMetrics(), PLACEHOLDER, resourceOf);
  return {
    group: customMetricsGroup,
    version,
    get resources() {
      return resources.current();
    },
    openapi: customMetricsOpenApi(version),
    openEnded: true,
    async handle({ info: { parts }, query, signal, user }: ApiRequest): Promise<ApiResult> {
      const path = parseMetricPath(parts);
      const labelSelector = readLabelSelector(query, path.object.name);
      const { metricSelector, selector } = readMetricSelector(query.get('metricLabelSelector') ?? '');
      const { object } = path;
      const mapping = await objects.mapping(path.info.groupResource, signal);
      if (!mapping) throw unknownResource(path);
      const info = { ...path.info, groupResource: mapping.groupResource };
      const values = object.name === ALL
        ? await provider.getMetricBySelector(object.namespace, labelSelector, info, metricSelector, signal, user.name)
        : [await provider.getMetricByName(object, info, metricSelector, signal)];
      onValues?.(values);
      const asked = { version, selector, metric: info.metric, namespace: object.namespace, apiVersion: mapping.apiVersion, kind: mapping.kind };
      return { kind: KIND, items: values.map((value) => new MetricValueItem(asked, value)) };
    },
  };
}

/** A field selector may only say once more which object is asked for. */
function readLabelSelector(query: URLSearchParams, name: string): Selector {
  const { fieldSelector, labelSelector } = readListOptions(query);
  if (fieldSelector.length > 0 && exactName(fieldSelector) !== name) {
    throw StatusError.badRequest("fieldSelector metadata.name doesn't match requested name");
  }
  return labelSelector;
}

/** The selector of series, and as it stands in the answer. */
function readMetricSelector(text: string): { metricSelector: Selector; selector: LabelSelector | null } {
  try {
    const metricSelector = parseSelector(text);
    return { metricSelector, selector: labelSelectorOf(metricSelector) };
  } catch (error) {
    throw StatusError.badRequest((error as Error).message);
  }
}

function unknownResource({ info, object }: MetricPath): StatusError {
  const { message } = new MetricNotFoundError(info, object.name);
  return new StatusError(404, 'NotFound', `${message}: the cluster has no resource ${formatGroupResource(info.groupResource)}`);
}
