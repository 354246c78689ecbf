import { GroupResource, parseGroupResource } from '../../custom-metrics/objects';
import { CustomMetricInfo, NamespacedName } from '../../custom-metrics/provider';
import { StatusError } from '../../server/status';

/** What a path asks for: a metric, and the object or, by the name `*`, the objects that it describes. */
export interface MetricPath {
  readonly object: NamespacedName;
  readonly info: CustomMetricInfo;
}

/** Stands for every object that the label selector chooses. */
export const ALL = '*';

/** What no segment of a path may be: another server, or a URL on the way to it, would read a path of other segments. */
export const NO_SEGMENTS: readonly string[] = ['', '.', '..'];

const NAMESPACES: GroupResource = { group: '', resource: 'namespaces' };

/**
 * Reads the decoded segments after the group version, in one of three forms:
 * `{resource}/{name}/{metric}`, `namespaces/{namespace}/{resource}/{name}/{metric}`, and for the namespace itself
 * `namespaces/{namespace}/metrics/{metric}`. Throws a StatusError for others, as custom-metrics-apiserver does.
 */
export function parseMetricPath(parts: readonly string[]): MetricPath {
  const [first, namespace, resource, name, metric] = parts;
  if (parts.some((part) => NO_SEGMENTS.includes(part))) throw StatusError.notFoundPath();
  if (first !== 'namespaces') {
    if (parts.length === 3) return metricPath(parseGroupResource(first), { namespace: '', name: parts[1] }, parts[2]);
  } else if (parts.length === 3) {
    throw StatusError.badRequest('invalid request path');
  } else if (parts.length === 4 && resource === 'metrics') {
    return metricPath(NAMESPACES, { namespace: '', name: namespace }, name);
  } else if (parts.length === 5) {
    return metricPath(parseGroupResource(resource), { namespace, name }, metric);
  }
  throw StatusError.notFoundPath();
}

function metricPath(groupResource: GroupResource, object: NamespacedName, metric: string): MetricPath {
  return { object, info: { groupResource, namespaced: object.namespace !== '', metric } };
}
