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

/**
 * What is for some namespaces alone is not for others by way of a formula: without `namespaces` of its own, that is for those that all it is made of are for.
 *
 * @throws ConfigurationError for one of objects, which cannot be kept from namespaces
 */
export function withNamespacesOfReferences(metrics: readonly DeclaredMetric[]): readonly DeclaredMetric[] {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  const namespacesOf = ({ namespaces, object, origin }: DeclaredMetric): readonly string[] | undefined => {
    if (namespaces) return namespaces;
    return (origin.references ?? []).reduce<readonly string[] | undefined>((both, { name, error }) => {
      const theirs = namespacesOf(byName.get(name)!);
      if (theirs && object) throw error(`${name} is for ${theirs.join(', ')} alone, and a metric of objects is for all namespaces`);
      return both && theirs ? both.filter((namespace) => theirs.includes(namespace)) : both ?? theirs;
    }, undefined);
  };
  return metrics.map((metric) => ({ ...metric, namespaces: namespacesOf(metric) }));
}
