import { MetricNotFoundError } from '../../../../src/runtime/custom-metrics/metric-errors';
import { ExternalMetricValue, MetricValue } from '../../../../src/runtime/custom-metrics/metric-value';
import { formatGroupResource, ResourceMapping } from '../../../../src/runtime/custom-metrics/objects';
import {
  CustomMetricInfo, CustomMetricsProvider, ExternalMetricInfo, ExternalMetricsProvider, NamespacedName,
} from '../../../../src/runtime/custom-metrics/provider';
import { Quantity } from '../../../../src/runtime/custom-metrics/quantity';
import { Selector } from '../../../../src/runtime/labels/selector';

interface Stored {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

const stored: readonly Stored[] = [
  { resource: 'pods', namespace: 'default', name: 'web-85d49fd46d-28fv2', metric: 'http_requests', labels: {}, value: '500m' },
  { resource: 'pods', namespace: 'default', name: 'web-85d49fd46d-fvchv', metric: 'http_requests', labels: {}, value: '500m' },
  { resource: 'services', namespace: 'default', name: 'kubernetes', metric: 'packets', labels: {}, value: '1500' },
  { resource: 'services', namespace: 'default', name: 'kubernetes', metric: 'packets', labels: { verb: 'GET' }, value: '1500' },
  { resource: 'nodes', namespace: '', name: 'n1', metric: 'temp', labels: {}, value: '7' },
];

const external: readonly { readonly metric: string; readonly labels: Readonly<Record<string, string>>; readonly value: string }[] = [
  { metric: 'my-external-metric', labels: { foo: 'bar' }, value: '42' },
  { metric: 'my-external-metric', labels: { foo: 'baz' }, value: '43' },
  { metric: 'other-external-metric', labels: {}, value: '44' },
];

/** When the recorded values were written. */
export const WRITTEN_MS = Date.parse('2026-11-21T02:03:47Z');

/** What custom-metrics-apiserver's test-adapter held while it was recorded. Its lists of nodes were empty, for it had no right to see any. */
export class TestAdapter implements CustomMetricsProvider, ExternalMetricsProvider {
  custom: readonly CustomMetricInfo[] = [];
  external: readonly ExternalMetricInfo[] = [];

  listAllMetrics(): readonly CustomMetricInfo[] {
    return this.custom;
  }

  async getMetricByName(name: NamespacedName, info: CustomMetricInfo, metricSelector: Selector): Promise<MetricValue> {
    const [value] = valuesOf(name.namespace, info, metricSelector).filter(({ objectName }) => objectName === name.name);
    if (!value) throw new MetricNotFoundError(info, name.name);
    return value;
  }

  async getMetricBySelector(
    namespace: string, _selector: Selector, info: CustomMetricInfo, metricSelector: Selector,
  ): Promise<readonly MetricValue[]> {
    return namespace === '' ? [] : valuesOf(namespace, info, metricSelector);
  }

  listAllExternalMetrics(): readonly ExternalMetricInfo[] {
    return this.external;
  }

  async getExternalMetric(_namespace: string, metricSelector: Selector, { metric }: ExternalMetricInfo): Promise<readonly ExternalMetricValue[]> {
    return external.filter((one) => one.metric === metric && metricSelector.matches(one.labels))
      .map(({ labels, value }) => ({ metricLabels: labels, value: Quantity.parse(value), timestampMs: WRITTEN_MS }));
  }
}

function valuesOf(namespace: string, { groupResource, metric }: CustomMetricInfo, metricSelector: Selector): MetricValue[] {
  return stored
    .filter((one) => one.resource === formatGroupResource(groupResource) && one.namespace === namespace && one.metric === metric)
    .filter(({ labels }) => metricSelector.matches(labels))
    .map(({ name, value }) => ({ objectName: name, value: Quantity.parse(value), timestampMs: WRITTEN_MS }));
}

const KINDS: Readonly<Record<string, string>> = {
  'pods': 'v1 Pod',
  'services': 'v1 Service',
  'nodes': 'v1 Node',
  'namespaces': 'v1 Namespace',
  'deployments.apps': 'apps/v1 Deployment',
  'ingresses.networking.k8s.io': 'networking.k8s.io/v1 Ingress',
};

/** The resources that the recorded cluster had. */
export const recordedResources = {
  async mapping(groupResource: ResourceMapping['groupResource']): Promise<ResourceMapping | undefined> {
    const [apiVersion, kind] = KINDS[formatGroupResource(groupResource)]?.split(' ') ?? [];
    const namespaced = !['nodes', 'namespaces'].includes(groupResource.resource);
    return kind === undefined ? undefined : { groupResource, apiVersion, kind, singular: kind.toLowerCase(), namespaced };
  },
};
