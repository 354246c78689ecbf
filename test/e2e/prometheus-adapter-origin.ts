import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { Kubectl } from './control-plane/kubectl';
import { goModule } from './go-module';

const MANIFESTS = join(goModule('sigs.k8s.io/prometheus-adapter'), 'deploy/manifests');

const RULE = `"rules":
- seriesQuery: http_requests_total
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
`;

export interface ServiceReference {
  readonly name: string;
  readonly namespace: string;
}

export const PROMETHEUS_ADAPTER: ServiceReference = { name: 'prometheus-adapter', namespace: 'monitoring' };
/** The one that takes over. */
export const METRICS_ADAPTER: ServiceReference = { name: 'metrics-adapter', namespace: 'monitoring' };

/** prometheus-adapter's own manifests, with custom metrics beside usage. */
export function prometheusAdapterObjects(): any[] {
  const items = readdirSync(MANIFESTS).map((file) => parse(readFileSync(join(MANIFESTS, file), 'utf8')));
  const configMap = items.find(({ kind }) => kind === 'ConfigMap');
  configMap.data['config.yaml'] = `${RULE}${configMap.data['config.yaml']}`;
  return [...items, unverifiedApiService('custom.metrics.k8s.io', PROMETHEUS_ADAPTER)];
}

export function unverifiedApiService(group: string, service: ServiceReference): object {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `v1beta1.${group}` },
    spec: { group, version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true, service },
  };
}

/** Where each API group of metrics leads. */
export async function servicesOfMetrics(kubectl: Kubectl): Promise<Record<string, ServiceReference>> {
  const { items } = await kubectl.json('get', 'apiservices');
  const ofMetrics = items.filter(({ spec }: any) => /(^|\.)metrics\.k8s\.io$/.test(spec.group));
  return Object.fromEntries(ofMetrics.map(({ metadata, spec: { service: { name, namespace } } }: any) => [metadata.name, { name, namespace }]));
}

/** Objects that bear an application's name, but for APIServices. */
export async function leftOf(kubectl: Kubectl, name: string): Promise<string[]> {
  const kinds = 'deployment,service,serviceaccount,configmap,poddisruptionbudget,networkpolicy,role,clusterrole,clusterrolebinding,rolebinding';
  const left = await kubectl.run('get', kinds, '-A', '-l', `app.kubernetes.io/name=${name}`, '-o', 'name');
  return left.split('\n').filter(Boolean);
}
