import { NannyEstimate } from './nanny-options';
import { canonicalQuantity, isBinary, quantityNanos } from '../validation/_quantity';

/** Nodes that addon-resizer's exponential estimator reckons with: the smallest cluster, half as large again as often as it takes. */
export function exponentialNodes(nodes: number, minClusterSize: number): number {
  let size = minClusterSize;
  // 0.01 lets 2 grow to 3 and not stay: that is how addon-resizer rounds.
  while (size < nodes) size = Math.floor(size * 1.5 + 0.01);
  return size;
}

/** A resource as addon-resizer writes it into the Deployment. */
export function estimated({ base, perNode }: NannyEstimate, nodes: number): string {
  const baseNanos = quantityNanos(base);
  // Kubernetes adds in the format of what comes first, unless that is zero.
  return canonicalQuantity(baseNanos + quantityNanos(perNode) * BigInt(nodes), isBinary(baseNanos === 0n ? perNode : base));
}
