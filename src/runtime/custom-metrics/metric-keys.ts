import { formatGroupResource } from './objects';
import { CustomMetricInfo, ExternalMetricInfo } from './provider';

/** The same for what is the same metric. */
export function customMetricKey({ groupResource, metric }: CustomMetricInfo): string {
  return `${formatGroupResource(groupResource)}/${metric}`;
}

export function externalMetricKey({ metric }: ExternalMetricInfo): string {
  return metric;
}
