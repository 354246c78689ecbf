import { MAX_LABEL_CHARACTERS, MAX_SAMPLES } from './limits';
import { isJsonLabel } from '../../_facts/adapter-configuration';
import { jsonPathAt } from '../configuration-file/compiled';
import { ConfigurationNode } from '../configuration-file/configuration-node';
import { Quantity } from '../custom-metrics/quantity';
import { JsonPath } from '../json-path/json-path';
import { Sample } from '../prometheus/samples';

/** Which values of a JSON document are samples: `items`, `value`, `labels` and `absent` of a source. */
export interface JsonRules {
  /** What samples are made of, one by one; without it the document itself. */
  readonly items?: JsonPath;
  readonly value: JsonPath;
  readonly labels: readonly (readonly [name: string, path: JsonPath])[];
  /** Stands for a value that an item does not have. Without it, such an item gives no sample. */
  readonly absent?: number;
}

export const JSON_FIELDS = ['items', 'value', 'labels', 'absent'] as const;

/** @throws ConfigurationError */
export function jsonRules({ items, value, labels, absent }: Readonly<Record<typeof JSON_FIELDS[number], ConfigurationNode>>): JsonRules {
  if (value.isAbsent) throw value.error('is missing; give a JSON path such as {.depth}');
  return {
    items: items.isAbsent ? undefined : jsonPathAt(items),
    value: jsonPathAt(value),
    labels: Array.from(labels.entries(), ([name, path]) => {
      if (!isJsonLabel(name)) throw path.error('is no label; give letters, digits, _, . and -');
      return [name, jsonPathAt(path)] as const;
    }),
    absent: absent.number(),
  };
}

/**
 * `known` labels stand above those of the document. What else the document holds is nobody's who may only read the metric: neither samples nor errors show it.
 *
 * @throws Error with what is wrong with it
 */
export function jsonSamples(document: unknown, { items, value, labels, absent }: JsonRules, timestampMs: number, known: Sample['labels'] = {}): readonly Sample[] {
  let count = 0;
  return (items ? items.find(document) : [document]).flatMap((item) => {
    const values = value.find(item).filter((one) => one !== null);
    count += Math.max(1, values.length);
    if (count > MAX_SAMPLES) throw new Error(`it has more than ${MAX_SAMPLES} items or values; choose fewer by their path`);
    const own = labels.flatMap(([name, path]) => path.find(item).slice(0, 1).map((text) => [name, labelValue(text, path)]));
    const numbers = values.length === 0 && absent !== undefined ? [absent] : values.map((one) => numberOf(one, value));
    return numbers.map((number) => ({ labels: { ...Object.fromEntries(own), ...known }, value: number, timestampMs }));
  });
}

/** Numbers may be texts, as quantities of Kubernetes are; what is true counts as one. */
function numberOf(value: unknown, path: JsonPath): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') {
    if (/^(?:true|false)$/i.test(value)) return Number(value.toLowerCase() === 'true');
    try {
      return Quantity.parse(value).toNumber();
    } catch {
      // Told below.
    }
  }
  throw new Error(`it has ${typeOf(value)} at ${path.text}; give a path to a number, a quantity such as 250m, true or false`);
}

function labelValue(value: unknown, path: JsonPath): string {
  if (typeof value === 'string' && value.length > MAX_LABEL_CHARACTERS) {
    throw new Error(`it has a text of more than ${MAX_LABEL_CHARACTERS} characters at ${path.text}; give a path to a shorter one for a label`);
  }
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  throw new Error(`it has ${typeOf(value)} at ${path.text}; give a path to a text for a label`);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value === 'string' ? 'text that is no number' : typeof value}`;
}
