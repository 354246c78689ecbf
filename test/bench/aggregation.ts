import { ADDRESS, RunningServer } from './contender';
import { eventually } from '../e2e/control-plane/eventually';

const NAMESPACE = 'kube-system';
const NAME = 'metrics-server';
const API_SERVICE = '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io';

/**
 * Runs something while kube-apiserver forwards the metrics API to the server. Not longer: it probes the server,
 * which would be counted as scraping.
 */
export async function whileAggregated<T>(server: RunningServer, run: () => Promise<T>): Promise<T> {
  const { port, cluster: { controlPlane } } = server;
  const objects: readonly [collection: string, object: { readonly metadata: { readonly name: string } }][] = [
    [`/api/v1/namespaces/${NAMESPACE}/services`, { metadata: { name: NAME }, spec: { ports: [{ name: 'https', port: 443 }] } } as any],
    [`/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices`, {
      metadata: { name: NAME, labels: { 'kubernetes.io/service-name': NAME } },
      addressType: 'IPv4',
      ports: [{ name: 'https', port, protocol: 'TCP' }],
      endpoints: [{ addresses: [ADDRESS], conditions: { ready: true } }],
    } as any],
    ['/apis/apiregistration.k8s.io/v1/apiservices', {
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { namespace: NAMESPACE, name: NAME, port: 443 },
      },
    } as any],
  ];
  const created: string[] = [];
  try {
    for (const [collection, object] of objects) {
      await controlPlane.request('POST', collection, object);
      created.push(`${collection}/${object.metadata.name}`);
    }
    await eventually(async () => {
      const { status } = await controlPlane.request('GET', API_SERVICE);
      const condition = status?.conditions?.find(({ type }: any) => type === 'Available');
      if (condition?.status !== 'True') throw new Error(`kube-apiserver does not forward the metrics API: ${condition?.message ?? 'no condition yet'}`);
    }, 60_000);
    return await run();
  } finally {
    for (const path of created.reverse()) await controlPlane.request('DELETE', path);
  }
}
