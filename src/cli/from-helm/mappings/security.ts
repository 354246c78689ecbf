import { Fields } from '../../typescript/expression';
import { prefixed, same } from '../leaves';
import { Mapping, property } from '../mapping';
import { containerSecurityContext, podSecurityContext } from '../pod-shapes';
import { Translation } from '../translation';
import { isTree, Values } from '../values';

/** The chart's own security context, which is this package's as well. */
export const RESTRICTED: Readonly<Record<string, unknown>> = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: { drop: ['ALL'] },
};

export const SECURITY: readonly Mapping[] = [
  {
    values: { podSecurityContext: {} },
    trees: ['podSecurityContext'],
    properties: [property('podSecurityContext'), 'SecurityProfile.runtimeDefault', 'SecurityProfile.localhost'],
    note: 'Field by field; profiles are a `SecurityProfile`. Without `windowsOptions`: the image is for Linux.',
    translate: (values, to) => {
      const context = podSecurityContext(values.map('podSecurityContext'), 'podSecurityContext', to) as Fields;
      if (Object.keys(context).length > 0) to.set('podSecurityContext', context);
    },
  },
  {
    values: prefixed('securityContext', RESTRICTED),
    trees: ['securityContext'],
    properties: [property('containerSecurityContext'), 'SecurityProfile.runtimeDefault'],
    note: 'The default is the chart\'s. What is given is merged over it, field by field, so a field that null removes in Helm stays.',
    translate: (values, to) => to.set('containerSecurityContext', changedSecurityContext(values, 'securityContext', to)),
  },
  {
    values: { hostUsers: null },
    properties: [property('hostUsers')],
    note: 'Not in chart 3.13.1 yet. From Kubernetes 1.33 on.',
    translate: (values, to) => {
      if (values.at('hostUsers') !== undefined) to.set('hostUsers', values.boolean('hostUsers'));
    },
  },
];

/** What differs from the restricted default. */
export function changedSecurityContext(values: Values, path: string, to: Translation): Fields | undefined {
  const given = { ...values.map(path) };
  const { capabilities } = given;
  // Helm leaves out what is null; here a list without elements drops none.
  if (isTree(capabilities) && !capabilities.drop) given.capabilities = { ...capabilities, drop: [] };
  for (const name of Object.keys(RESTRICTED)) {
    if (given[name] === undefined) to.leave(`${path}.${name}`, 'a field of the restricted default can be changed, not removed; a JsonPatch on the Deployment can');
  }
  const changed = Object.entries(given).filter(([name, field]) => !same(field, RESTRICTED[name]));
  return changed.length > 0 ? containerSecurityContext(Object.fromEntries(changed), path, to) as Fields : undefined;
}
