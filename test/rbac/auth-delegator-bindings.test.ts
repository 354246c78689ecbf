import { AuthDelegatorBindings, ServiceAccountRef } from '../../src';
import { testChart } from '../synthesize';

test('AuthDelegatorBindings binds any ServiceAccount, and the reader in kube-system only', () => {
  const chart = testChart({ namespace: 'elsewhere' });
  new AuthDelegatorBindings(chart, 'auth', { serviceAccount: ServiceAccountRef.fromName('robot'), namespace: 'zoo', name: 'wardle', labels: { a: 'b' } });

  const subjects = [{ kind: 'ServiceAccount', name: 'robot', namespace: 'zoo' }];
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const apiGroup = 'rbac.authorization.k8s.io';
  expect(chart.toJson()).toEqual([
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name: 'wardle.zoo:auth-reader', namespace: 'kube-system', labels: { a: 'b' } },
      roleRef: { apiGroup, kind: 'Role', name: 'extension-apiserver-authentication-reader' },
      subjects,
    },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'wardle.zoo:auth-delegator', labels: { a: 'b' } },
      roleRef: { apiGroup, kind: 'ClusterRole', name: 'system:auth-delegator' },
      subjects,
    },
  ]);
});
