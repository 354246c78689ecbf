import { Finding, judge } from './_judge';
import { asText, groupOf, isManifest, Manifest, record, text, valueAt, withoutLists } from './_manifest';
import { WORKLOADS } from './_manifest-set';
import { groupByKey } from '../_facts/group-by-key';

/** Documents that are applied together, such as those of a chart. */
export type Unit = readonly unknown[];

/** A chart of an App, or a file that one has written. */
export interface Part {
  /** Names of what it is in, the outermost first, and its own. */
  readonly path: readonly string[];
  readonly documents: Unit;
}

/** The largest folders, or scopes, whose parts can be for one cluster, such as all that an App has written; where they cannot, each part. */
export function unitsOf(parts: readonly Part[], depth = 0): Unit[] {
  const units = parts.map(({ documents }) => documents);
  if (parts.length === 1 || fitTogether(units)) return [units.flat()];
  const folders = groupByKey(parts.map((part) => [part.path[depth], part]));
  return [...folders.values()].flatMap((folder) => unitsOf(folder, depth + 1));
}

/**
 * What is wrong with units that may be for several clusters, which nothing in them says. A cluster has each workload once: units that hold the same one are for
 * different clusters, so that neither keeps a rule for the other. All others are judged together.
 *
 * @param asked Units whose findings are wanted
 * @param exclude Ids of rules that are not asked
 */
export function judgeByCluster(units: readonly Unit[], asked: readonly Unit[], exclude: readonly string[]): Finding[] {
  const unitsWith = groupByKey(units.flatMap((unit) => [...onlyOnce(unit)].map((name) => [name, unit])));
  const clusters = new Map<string, { readonly together: readonly Unit[]; readonly asked: Unit[] }>();
  for (const unit of asked) {
    const elsewhere = new Set([...onlyOnce(unit)].flatMap((name) => unitsWith.get(name)!));
    elsewhere.delete(unit);
    const id = units.map((other) => elsewhere.has(other) ? '-' : '+').join('');
    const cluster = clusters.get(id) ?? { together: units.filter((other) => !elsewhere.has(other)), asked: [] };
    clusters.set(id, cluster);
    cluster.asked.push(unit);
  }
  return [...clusters.values()].flatMap((cluster) => {
    const objects = new Set(cluster.asked.flatMap(withoutLists));
    return judge(cluster.together.flat(), exclude).filter(({ object }) => objects.has(object));
  });
}

function fitTogether(units: readonly Unit[]): boolean {
  const names = units.flatMap((unit) => [...onlyOnce(unit)]);
  return new Set(names).size === names.length;
}

/** What one cluster has once: its workloads, and APIServices that lead to a Service. Where a namespace is left to whoever applies them, there may be several. */
function onlyOnce(unit: Unit): Set<string> {
  return new Set(withoutLists(unit).filter(isManifest).flatMap((object) => {
    const { kind, metadata } = object;
    const { name, namespace } = isApiService(object) ? record(valueAt(object, 'spec', 'service')) : metadata;
    return (isApiService(object) || WORKLOADS.includes(kind)) && text(namespace) ? [[kind, metadata.name, namespace, asText(name)].join(' ')] : [];
  }));
}

function isApiService(object: Manifest): boolean {
  return object.kind === 'APIService' && groupOf(object) === 'apiregistration.k8s.io';
}
