import { cpuSecondsOf, HOUSEKEEPING_INTERVAL_MS, SimulatedContainer } from '../simulated-cluster/fleet';

/** What the API said of a container or node. */
export interface ReadUsage {
  readonly timestamp: string;
  readonly window: string;
  readonly cpu: string;
}

/** CPU in nanocores that a container used in the window that the API names, from the load it was made with. */
export function expectedNanocores(container: SimulatedContainer, read: Pick<ReadUsage, 'timestamp' | 'window'>): number {
  // The API shows whole seconds; the kubelet looked at the container at one known moment of each interval.
  const second = Date.parse(read.timestamp);
  const offset = container.housekeepingOffsetMs;
  const sampleMs = Math.floor((second + 999 - offset) / HOUSEKEEPING_INTERVAL_MS) * HOUSEKEEPING_INTERVAL_MS + offset;
  const windowMs = windowMilliseconds(read.window);
  const used = cpuSecondsOf(container.load, container.startMs, sampleMs) - cpuSecondsOf(container.load, container.startMs, sampleMs - windowMs);
  return used / windowMs * 1e12;
}

export function nanocores(quantity: string): number {
  const [, digits, suffix] = /^(\d+)([num]?)$/.exec(quantity)!;
  return Number(digits) * { 'n': 1, 'u': 1e3, 'm': 1e6, '': 1e9 }[suffix]!;
}

export function bytes(quantity: string): number {
  const [, digits, suffix] = /^(\d+)(k|Ki|Mi|Gi|)$/.exec(quantity)!;
  return Number(digits) * { '': 1, 'k': 1e3, 'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30 }[suffix]!;
}

/** Of a duration as the API shows it. */
export function windowMilliseconds(duration: string): number {
  const [, minutes = '0', seconds] = /^(?:(\d+)m)?(\d+(?:\.\d+)?)s$/.exec(duration)!;
  return (Number(minutes) * 60 + Number(seconds)) * 1000;
}
