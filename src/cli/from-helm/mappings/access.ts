import { Call } from '../../typescript/expression';
import { Mapping, property, texts } from '../mapping';
import { secretRef } from '../pod-shapes';
import { list } from '../shape';

export const ACCESS: readonly Mapping[] = [
  {
    values: { 'serviceAccount.create': true },
    properties: [property('serviceAccount')],
    note: 'A ServiceAccount that is given is not synthesized.',
    translate: (values, to, release) => {
      if (!values.boolean('serviceAccount.create')) to.set('serviceAccount', new Call('ServiceAccountRef.fromName', release.serviceAccountName));
    },
  },
  {
    values: { 'serviceAccount.name': '' },
    properties: [property('createdServiceAccountName'), 'ServiceAccountRef.fromName'],
    note: 'With `serviceAccount.create: false`, the name of the one that exists: `default` if empty, as in the chart.',
    translate: (values, to) => {
      const name = values.text('serviceAccount.name');
      if (!name || !values.boolean('serviceAccount.create')) return;
      if (name === 'default') return to.leave('serviceAccount.name', 'each namespace has the ServiceAccount default: create none, or name another');
      to.set('createdServiceAccountName', name);
    },
  },
  texts('serviceAccount.annotations', 'serviceAccountAnnotations', 'Of the ServiceAccount that is synthesized.'),
  {
    values: { 'serviceAccount.secrets': [] },
    properties: [property('serviceAccountSecrets'), 'SecretRef.fromName'],
    note: 'Secrets that the ServiceAccount\'s pods may mount.',
    translate: (values, to) => {
      const secrets = values.list('serviceAccount.secrets');
      if (secrets.length > 0) to.set('serviceAccountSecrets', list(secretRef)(secrets, 'serviceAccount.secrets', to));
    },
  },
  {
    values: { 'rbac.create': true },
    properties: [property('rbac'), property('authBindings')],
    note: 'Without it there is no role and no binding at all. Rights are as narrow as metrics-server\'s own manifests have them: ConfigMaps and namespaces are not read.',
    translate: (values, to) => {
      if (!values.boolean('rbac.create')) to.set('rbac', false);
    },
  },
  {
    values: { 'rbac.pspEnabled': false },
    properties: [],
    note: 'None: Kubernetes 1.25 removed PodSecurityPolicies. The pods fit the `restricted` Pod Security Standard, which a label of the namespace asks for.',
    translate: (values, to) => {
      if (values.boolean('rbac.pspEnabled')) to.leave('rbac.pspEnabled', 'Kubernetes 1.25 removed PodSecurityPolicies');
    },
  },
];

