import { ConfigurationNode } from './configuration-node';
import { parsePrometheusDuration } from '../../_facts/prometheus-duration';

/** @throws ConfigurationError */
export function prometheusDuration(node: ConfigurationNode): number {
  const durationMs = parsePrometheusDuration(node.text());
  if (durationMs === undefined) throw node.error(`is ${JSON.stringify(node.text())}; give a duration such as 30s, 5m or 1h30m`);
  return durationMs;
}

export interface DurationBounds {
  readonly defaultMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** @throws ConfigurationError */
export function durationWithin(node: ConfigurationNode, { defaultMs, minMs, maxMs }: DurationBounds): number {
  const durationMs = node.isAbsent ? defaultMs : prometheusDuration(node);
  if (durationMs < minMs || durationMs > maxMs) throw node.error(`is ${node.text()}; give from ${minMs / 1000}s to ${maxMs / 1000}s`);
  return durationMs;
}
