import { ControlPlane } from '../../e2e/control-plane/control-plane';

export const APPS = 500;
export const PODS_EACH = 2;
export const SERIES = 200_000;
const NAMESPACES = 10;
const AT_ONCE = 20;

export interface App {
  readonly name: string;
  readonly namespace: string;
  readonly pods: readonly string[];
}

export const apps: readonly App[] = Array.from({ length: APPS }, (_, index) => {
  const name = `app-${index}`;
  return { name, namespace: `team-${index % NAMESPACES}`, pods: Array.from({ length: PODS_EACH }, (__, pod) => `${name}-${pod}`) };
});

/** What prometheus-adapter's sample configuration speaks of: without it the adapter does not start. */
const BRANDS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'brands.cheese.io' },
  spec: {
    group: 'cheese.io',
    scope: 'Namespaced',
    names: { plural: 'brands', singular: 'brand', kind: 'Brand' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

/** Who asks for metrics, and whether they are there yet. */
const EVERYBODY = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'everybody' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: ['viewer', 'system:anonymous'].map((name) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name })),
};

/** The pods of all apps. They need not run. */
export async function createPods(controlPlane: ControlPlane): Promise<void> {
  await controlPlane.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', BRANDS);
  await controlPlane.request('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', EVERYBODY);
  for (const name of new Set(apps.map(({ namespace }) => namespace))) {
    await controlPlane.request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  const waiting = apps.flatMap((app) => app.pods.map((pod) => ({ app, pod })));
  const create = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { app: { name: app, namespace }, pod: name } = next;
      await controlPlane.request('POST', `/api/v1/namespaces/${namespace}/pods`, {
        apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app } }, spec: { containers: [{ name: 'app', image: 'registry.example.com/app:1' }] },
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, create));
}

/** What Prometheus scrapes: the three metrics that autoscalers ask for, and as many others as make 200,000 series. */
export function exposed(): string {
  const seconds = Math.round(Date.now() / 1000);
  const lines: string[] = [];
  for (const { name, namespace, pods } of apps) {
    lines.push(`service_requests_total{namespace="${namespace}",service="${name}"} ${seconds}`, `queue_depth{namespace="${namespace}",topic="${name}",name="${name}"} 7`);
    for (const pod of pods) lines.push(`http_requests_total{namespace="${namespace}",pod="${pod}"} ${seconds}`);
  }
  for (let family = 0; lines.length < SERIES; family++) {
    for (const { namespace, pods } of apps) for (const pod of pods) lines.push(`other_${family}_total{namespace="${namespace}",pod="${pod}"} ${seconds}`);
  }
  return `${lines.slice(0, SERIES).join('\n')}\n`;
}
