/** The values of each key, in the order in which they come; `Map.groupBy` is not in Node.js 20. */
export function groupByKey<K, V>(entries: Iterable<readonly [key: K, value: V]>): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const [key, value] of entries) {
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
