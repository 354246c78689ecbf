import { RequestInfo } from './request-info';
import { Router } from './router';
import { RequestLabels } from './server-metrics';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What a request is counted as. */
export function requestLabels(method: string, info: RequestInfo | undefined, router: Router): RequestLabels {
  const groupVersion = info && router.groupVersion(info);
  const listed = groupVersion?.resources.some(({ name }) => name === [info!.resource, info!.subresource].filter(Boolean).join('/'));
  if (!info || !groupVersion || !listed) {
    return { verb: METHODS.includes(method) ? method : 'other', group: '', version: '', resource: '', subresource: '', scope: '' };
  }
  const { apiGroup: group, apiVersion: version, resource, subresource, name, namespace, verb } = info;
  const scope = name !== '' ? 'resource' : namespace !== '' ? 'namespace' : 'cluster';
  return { verb: verb.toUpperCase(), group, version, resource, subresource, scope };
}
