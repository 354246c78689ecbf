import { apiVersionOf, resourcesOf, versionsOf } from './kube-object';

/** What a kube-apiserver says of its own groups; undefined for other paths. */
export function discoveryAt(path: string): object | undefined {
  const [, root, ...rest] = path.replace(/\/$/, '').split('/');
  const [group, version] = root === 'apis' ? rest : root === 'api' ? ['', ...rest] : [];
  if (group === undefined || rest.length > (root === 'apis' ? 2 : 1) || rest.length === 0 || versionsOf(group).length === 0) return undefined;
  if (version === undefined) return groupOf(group);
  const found = resourcesOf(group, version);
  const resources = found.map(({ plural: name, kind, namespaced }) => ({ name, singularName: kind.toLowerCase(), namespaced, kind }));
  return found.length === 0 ? undefined : { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf({ group, version }), resources };
}

function groupOf(name: string): object {
  const versions = versionsOf(name).map((version) => ({ groupVersion: apiVersionOf({ group: name, version }), version }));
  return { kind: 'APIGroup', apiVersion: 'v1', name, versions, preferredVersion: versions[0] };
}
