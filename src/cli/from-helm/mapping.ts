import { Release } from './chart';
import { Translation } from './translation';
import { Values } from './values';

/** What values of the chart become. The table of all of them is the documentation and the translation in one. */
export interface Mapping {
  /** Leaves of the chart's values.yaml that it reads, each with its default. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Trees that it reads whole: the chart passes on fields of the Kubernetes API that its values.yaml does not list. */
  readonly trees?: readonly string[];
  /** What says the same, as this package exports it: `MetricsServerProps.image`, `Volume.fromSource`. Empty where nothing does. */
  readonly properties: readonly string[];
  /** How it says the same, or why nothing does. */
  readonly note: string;
  translate?(values: Values, to: Translation, release: Release): void;
}

/** A property of the metrics server, as the documentation names it. */
export function property(name: string): string {
  return `MetricsServerProps.${name}`;
}

/** Labels or annotations, which both sides write alike. */
export function texts(value: string, name: string, note: string): Mapping {
  return {
    values: { [value]: {} },
    properties: [property(name)],
    note,
    translate: (values, to) => {
      const given = values.texts(value);
      if (Object.keys(given).length > 0) to.set(name, given);
    },
  };
}
