import { ConfigurationNode } from './configuration-node';
import { parsePrometheusDuration } from '../../../_facts/prometheus-duration';

/** @throws ConfigurationError */
export function prometheusDuration(node: ConfigurationNode): number {
  const durationMs = parsePrometheusDuration(node.text());
  if (durationMs === undefined) throw node.error(`is ${JSON.stringify(node.text())}; give a duration such as 30s, 5m or 1h30m`);
  return durationMs;
}
