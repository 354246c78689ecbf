import { Release } from './chart';
import { Values } from './values';

/** An object of a release, as far as moving it is concerned. */
export interface ChartObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** Role of a binding, which cannot be changed. */
  readonly role?: string;
  /** Whether an APIService has verification skipped, which an apply keeps. */
  readonly isUnverified?: boolean;
}

/** Lists of a pod that an apply merges by key: what ours lack stays in them. */
export interface ChartPod {
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
}

/** What the chart's templates render, and what cert-manager makes of it. */
export function chartObjects(values: Values, { fullname, namespace, serviceAccountName }: Release): ChartObject[] {
  const on = (path: string) => values.boolean(path);
  const inNamespace = (kind: string, name = fullname, role?: string): ChartObject => ({ kind, name, namespace, role });
  const inCluster = (kind: string, name: string, role?: string): ChartObject => ({ kind, name, role });
  const all = (condition: boolean, ...objects: ChartObject[]) => condition ? objects : [];
  const nanny = on('addonResizer.enabled');
  const tls = values.text('tls.type');
  return [
    ...all(on('serviceAccount.create'), inNamespace('ServiceAccount', serviceAccountName)),
    ...all(
      on('rbac.create'),
      inCluster('ClusterRole', `system:${fullname}-aggregated-reader`),
      inCluster('ClusterRole', `system:${fullname}`),
      inCluster('ClusterRoleBinding', `system:${fullname}`, `system:${fullname}`),
      inCluster('ClusterRoleBinding', `${fullname}:system:auth-delegator`, 'system:auth-delegator'),
      { kind: 'RoleBinding', name: `${fullname}-auth-reader`, namespace: 'kube-system', role: 'extension-apiserver-authentication-reader' },
    ),
    ...all(
      on('rbac.create') && nanny,
      inCluster('ClusterRole', `system:${fullname}-nanny`),
      inCluster('ClusterRoleBinding', `system:${fullname}-nanny`, `system:${fullname}-nanny`),
      inNamespace('Role', `system:${fullname}-nanny`),
      inNamespace('RoleBinding', `${fullname}-nanny`, `system:${fullname}-nanny`),
    ),
    ...all(nanny, inNamespace('ConfigMap', `${fullname}-nanny-config`)),
    inNamespace('Service'),
    inNamespace('Deployment'),
    ...all(on('apiService.create'), { ...inCluster('APIService', 'v1beta1.metrics.k8s.io'), isUnverified: on('apiService.insecureSkipTLSVerify') }),
    ...all(on('podDisruptionBudget.enabled'), inNamespace('PodDisruptionBudget')),
    ...all(on('metrics.enabled') && on('serviceMonitor.enabled'), inNamespace('ServiceMonitor')),
    ...all(tls === 'cert-manager', inNamespace('Certificate')),
    ...all(tls === 'cert-manager' && !on('tls.certManager.existingIssuer.enabled'), inNamespace('Issuer', `${fullname}-issuer`)),
    // With cert-manager it is the Certificate's, and outlives it.
    ...all(tls === 'helm' || tls === 'cert-manager', inNamespace('Secret')),
  ];
}

export function chartPod(values: Values): ChartPod {
  const nanny = values.boolean('addonResizer.enabled');
  const certificate = values.text('tls.type') !== 'metrics-server';
  return {
    containers: ['metrics-server', ...nanny ? ['metrics-server-nanny'] : []],
    volumes: ['tmp', ...nanny ? ['nanny-config-volume'] : [], ...certificate ? ['certs'] : [], ...values.list('extraVolumes').map((volume: any) => String(volume?.name))],
  };
}
