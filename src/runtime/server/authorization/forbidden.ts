import { Attributes } from './attributes';
import { goQuote } from '../../go-quote';
import { qualified, StatusError, withoutEmpty } from '../status';

/** Says what the user may not do, and why if the API server says so. */
export function forbidden(attributes: Attributes, reason?: string): StatusError {
  const { isResourceRequest, name, apiGroup: group, resource: kind } = attributes;
  return new StatusError(403, 'Forbidden', reason ? `${messageOf(attributes)}: ${reason}` : messageOf(attributes), isResourceRequest ? withoutEmpty({ name, group, kind }) : {});
}

function messageOf(attributes: Attributes): string {
  const user = goQuote(attributes.user.name);
  if (!attributes.isResourceRequest) {
    return `forbidden: User ${user} cannot ${attributes.verb} path ${goQuote(attributes.path)}`;
  }
  const { apiGroup, resource, subresource, namespace, name, verb } = attributes;
  const isNothing = resource === '' && apiGroup === '';
  const subject = name === '' ? qualified(resource, apiGroup) : `${qualified(resource, apiGroup)} ${goQuote(name)}`;
  const target = subresource === '' ? resource : `${resource}/${subresource}`;
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace ${goQuote(namespace)}`;
  return `${isNothing ? 'forbidden' : `${subject} is forbidden`}: User ${user} cannot ${verb} resource ${goQuote(target)} in API group ${goQuote(apiGroup)} ${scope}`;
}
