import { DeclaredMetric } from './declared-metric';

/** What metrics are made of must be there, be one, and not be made of themselves. @throws ConfigurationError */
export function checkReferences(metrics: readonly DeclaredMetric[]): void {
  for (const { origin } of metrics) {
    for (const { name, error } of origin.references ?? []) {
      const count = metrics.filter((metric) => metric.name === name).length;
      if (count === 0) throw error(`there is no metric ${name}; declare it among metrics`);
      if (count > 1) throw error(`there are ${count} metrics named ${name}; give them names of their own`);
    }
  }
  const finished = new Set<string>();
  for (const metric of metrics) checkCircles(metric, new Map(metrics.map((one) => [one.name, one])), [], finished);
}

function checkCircles(
  { name, origin }: DeclaredMetric, byName: ReadonlyMap<string, DeclaredMetric>, above: readonly string[], finished: Set<string>,
): void {
  if (finished.has(name)) return;
  for (const reference of origin.references ?? []) {
    const way = [...above, name];
    if (way.includes(reference.name)) throw reference.error([...way.slice(way.indexOf(reference.name)), reference.name].join(' is made of '));
    checkCircles(byName.get(reference.name)!, byName, way, finished);
  }
  finished.add(name);
}
