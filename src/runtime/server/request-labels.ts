import { GroupVersion } from './group-version';
import { RequestInfo } from './request-info';
import { Router } from './router';
import { RequestLabels } from './server-metrics';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What a request is counted as. Of an open-ended group version, that is not by resource: clients name them, and there may be any number. */
export function requestLabels(method: string, info: RequestInfo | undefined, router: Router): RequestLabels {
  const groupVersion = info && router.groupVersion(info);
  if (!info || !groupVersion || !groupVersion.openEnded && !isListed(groupVersion, info)) {
    return { verb: METHODS.includes(method) ? method : 'other', group: '', version: '', resource: '', subresource: '', scope: '' };
  }
  const { apiGroup: group, apiVersion: version, name, namespace, verb } = info;
  const scope = name !== '' ? 'resource' : namespace !== '' ? 'namespace' : 'cluster';
  const { resource, subresource } = groupVersion.openEnded ? { resource: '', subresource: '' } : info;
  return { verb: verb.toUpperCase(), group, version, resource, subresource, scope };
}

function isListed({ resources }: GroupVersion, { resource, subresource }: RequestInfo): boolean {
  const asked = [resource, subresource].filter(Boolean).join('/');
  return resources.some(({ name }) => name === asked);
}
