import { isRecord } from './_validation';

/** A value whose objects without prototype, which cdk8s cannot render, are plain ones. Whatever else there is stays the same. */
export function plain<T>(value: T): T {
  if (Array.isArray(value)) {
    const items = value.map(plain);
    return items.some((item, i) => item !== value[i]) ? items as T : value;
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, field]) => [key, plain(field)] as const);
  const isPlain = Object.getPrototypeOf(value) !== null && entries.every(([key, field]) => field === value[key]);
  return isPlain ? value : Object.fromEntries(entries) as T;
}

/** A plain value with its keys in order, as cdk8s writes all but what patches add. */
export function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sorted) as T;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, field]) => [key, sorted(field)])) as T;
}
