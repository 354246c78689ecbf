import { Explanation } from './explanation';
import { explanationText } from './explanation-text';
import { MetricExplainer } from './metric-explainer';
import { customMetricsGroup } from '../api/custom-metrics/group-version';
import { parseMetricPath } from '../api/custom-metrics/metric-path';
import { externalMetricsGroup } from '../api/external-metrics/external-metrics-api';
import { isJsonWanted } from '../debug/output';
import { readListOptions, readSelector } from '../server/list-options';
import { rawJsonReply, textReply } from '../server/reply';
import { AuthorizedRequest, Page } from '../server/router';
import { StatusError } from '../server/status';

/** Below it, the path of a metric in its API without the version: `external.metrics.k8s.io/namespaces/shop/queue_length`. */
export const METRICS_PAGE = '/debug/metrics/';

/** Where the values of a metric come from, as text for people or JSON. */
export function metricsPage(explainer: MetricExplainer): Page {
  return async (request) => {
    const isJson = isJsonWanted(request, 'text');
    const explanation = await explained(explainer, request);
    return isJson ? rawJsonReply(200, explanation) : textReply(200, explanationText(explanation));
  };
}

async function explained(explainer: MetricExplainer, { info: { path }, query, signal }: AuthorizedRequest): Promise<Explanation> {
  const [group, ...parts] = path.slice(METRICS_PAGE.length).split('/');
  const { labelSelector } = readListOptions(query);
  if (group === customMetricsGroup) return explainer.custom(parseMetricPath(parts), labelSelector, readSelector(query, 'metricLabelSelector'), signal);
  const [namespaces, namespace, metric] = parts;
  if (group !== externalMetricsGroup || namespaces !== 'namespaces' || parts.length !== 3 || parts.includes('')) throw pathMistake(path);
  return explainer.external(namespace, metric, labelSelector, signal);
}

function pathMistake(path: string): StatusError {
  return StatusError.badRequest(`${path} names no metric; give ${METRICS_PAGE}${customMetricsGroup}/namespaces/{namespace}/{resource}/{name}/{metric},`
    + ` or ${METRICS_PAGE}${externalMetricsGroup}/namespaces/{namespace}/{metric}`);
}
