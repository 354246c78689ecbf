/** What a field, a variable or an expression of a template can be. `missing` is a key that a map does not have. */
export type Value = string | number | boolean | readonly string[] | Readonly<Record<string, string>> | undefined;

export type ValueType = 'text' | 'number' | 'boolean' | 'list' | 'map';

/** Fields of a template by their names. */
export type Fields = Readonly<Record<string, ValueType>>;

/** As Go's fmt.Print writes it. */
export function print(value: Value): string {
  if (value === undefined) return '<no value>';
  if (Array.isArray(value)) return `[${value.join(' ')}]`;
  if (typeof value === 'object') return `map[${entries(value as Readonly<Record<string, string>>).map(([key, text]) => `${key}:${text}`).join(' ')}]`;
  return String(value);
}

/** Whether `if` takes it for true: whatever is not zero, false or empty. */
export function isTrue(value: Value): boolean {
  return typeof value === 'object' ? Object.keys(value).length > 0 : Boolean(value);
}

/** Entries of a map in the order of their keys, or of a list with their indexes. */
export function entries(value: readonly string[] | Readonly<Record<string, string>>): readonly (readonly [string | number, string])[] {
  if (Array.isArray(value)) return [...value.entries()];
  return Object.entries(value as Readonly<Record<string, string>>).sort(([a], [b]) => (a < b ? -1 : 1));
}
