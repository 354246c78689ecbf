import { CgroupReadings } from './cgroup-readings';
import { RealCluster } from './cluster';
import { bytes, nanocores, windowMilliseconds } from '../e2e/expected-usage';

const PODS = '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods';

/** CPU and memory that two tell of the same time: the API and the kernel. */
export interface Compared {
  readonly cores: { readonly served: number; readonly actual: number };
  readonly memoryBytes: { readonly served: number; readonly actual: number };
}

/** Usage of a pod's containers as the API shows it now; undefined without the pod, no `cpu` where there is no rate yet. */
export async function servedUsage(cluster: RealCluster, pod: string): Promise<any | undefined> {
  const { items } = await cluster.controlPlane.request('GET', PODS);
  return items.find(({ metadata }: any) => metadata.name === pod);
}

/** Throws as long as the API's window is not one that was read. */
export function compare({ timestamp, window, usage }: any, readings: CgroupReadings): Compared {
  const endMs = Date.parse(timestamp);
  const actual = readings.cores(endMs - windowMilliseconds(window), endMs);
  if (actual === undefined || usage.cpu === undefined) throw new Error(`nothing to compare with ${window} before ${timestamp}`);
  return {
    cores: { served: nanocores(usage.cpu) / 1e9, actual },
    memoryBytes: { served: bytes(usage.memory), actual: readings.workingSetBytes(endMs) },
  };
}

/** Within a tenth of what the kernel says. */
export function expectAgreement({ served, actual }: { served: number; actual: number }): void {
  expect(served).toBeGreaterThan(actual * 0.9);
  expect(served).toBeLessThan(actual * 1.1);
}
