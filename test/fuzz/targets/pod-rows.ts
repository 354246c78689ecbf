import { SimdPodRows } from '../../../src/runtime/api/metrics/simd-pod-rows';
import { LabelSets } from '../../../src/runtime/cluster/label-sets';
import { AnyPod, listJson } from '../../runtime/api/metrics/any-pods';
import { FuzzTarget } from '../target';

const CREATED_MS = Date.parse('2026-11-21T15:50:30Z');
/** What a Date can be. */
const MAX_TIME_MS = 8.64e15;

const simd = SimdPodRows.create(process.env);
const labels = new LabelSets();

/** What WebAssembly writes of a list is what JavaScript writes: pods of any figures, one on each line. */
export const podRows: FuzzTarget = {
  name: 'pod-rows',
  words: [
    '\n', ',', ' ', 'default', 'web-1', 'app', '<', '&', '1795276230000', '253402300800000', '15003000000', '3600000000000', 'NaN', '-0', '0', '1024', '1000',
    '0.5', '9007199254740991', '9007199254740992', '1e300',
  ],
  check(input) {
    const pods = input.toString().split('\n').map(podOf);
    if (listJson(pods, simd, CREATED_MS) !== listJson(pods, undefined, CREATED_MS)) throw new Error('the writers differ');
  },
};

/** `namespace,name,label,timestamp,window,container cpu memory swap,…` */
function podOf(line: string): AnyPod {
  const [namespace, name = '', label, timestamp, window, ...containers] = line.split(',');
  const timestampMs = Number(timestamp);
  return {
    namespace: inQuotes(namespace),
    name: inQuotes(name),
    labels: labels.of(label ? { label } : {}),
    timestampMs: Math.abs(timestampMs) <= MAX_TIME_MS ? timestampMs : CREATED_MS,
    windowNanoseconds: Number(window),
    containers: containers.map((container) => {
      const [of, cpu, memory, swap] = container.split(' ');
      return { name: inQuotes(of), cpuNanocores: Number(cpu), memoryBytes: Number(memory), swapBytes: Number(swap) };
    }),
  };
}

/** All that the store holds of names: see container-key.ts. */
function inQuotes(text: string): string {
  return text.replace(/[^!#-[\]-~]/g, '') || 'x';
}
