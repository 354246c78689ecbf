import { Expression, FormulaSyntaxError, parseFormula, Reference } from '../../../_facts/formula';
import { readAt, unusable } from '../../configuration-file/compiled';
import { ConfigurationNode } from '../../configuration-file/configuration-node';
import { Sample } from '../../prometheus/samples';
import { MetricOrigin } from '../metric-origin';
import { SampleSource } from '../sample-source';

const LANGUAGE = 'a formula';

/** `formula`: arithmetic with other declared metrics. */
export function formula(node: ConfigurationNode): MetricOrigin {
  const text = node.text();
  const expression = readAt(node, LANGUAGE, FormulaSyntaxError, () => parseFormula(text));
  return {
    references: expression.references.map(({ selector, offset }) => ({
      name: selector.name,
      error: (message) => unusable(node, LANGUAGE, { offset, message }),
    })),
    open({ object, namespaceLabel }, { samplesOf }): SampleSource {
      const by = [namespaceLabel, object?.nameLabel].filter((label) => label !== undefined);
      return {
        sources: expression.references.map(({ selector }) => `metric ${selector.name}`),
        asked: `formula: ${text}`,
        async samples(timeMs, signal, record) {
          const groups = new Map(await Promise.all(expression.references.map(async (reference) => {
            const all = await samplesOf(reference.selector.name, signal);
            const samples = all.filter(({ labels }) => reference.selector.matches(labels));
            record?.({ source: `metric ${reference.selector.name}`, asked: reference.text, answer: JSON.stringify(samples) });
            return [reference, new Groups(samples, by)] as const;
          })));
          return evaluated(expression, groups, timeMs);
        },
      };
    },
  };
}

/** Sums of samples by the labels that say of what the formula's own values are. */
class Groups {
  private readonly sums = new Map<string, Sample>();

  constructor(samples: readonly Sample[], by: readonly string[]) {
    for (const { labels, value, timestampMs } of samples) {
      const own = Object.fromEntries(by.flatMap((label) => labels[label] === undefined ? [] : [[label, labels[label]]]));
      const key = JSON.stringify(own);
      const { value: sum = 0, timestampMs: oldestMs = Infinity } = this.sums.get(key) ?? {};
      this.sums.set(key, { labels: own, value: sum + value, timestampMs: Math.min(oldestMs, timestampMs) });
    }
  }

  /** Those that have labels. */
  get labelled(): readonly (readonly [key: string, labels: Sample['labels']])[] {
    return Array.from(this.sums, ([key, { labels }]) => [key, labels] as const).filter(([key]) => key !== UNLABELLED);
  }

  /** What has none of the labels is the same for all. */
  get(key: string): Sample | undefined {
    return this.sums.get(key) ?? this.sums.get(UNLABELLED);
  }
}

const UNLABELLED = '{}';

/** One value for whatever the metrics have in common; it is as old as the oldest of them. What one of them lacks has none. */
function evaluated(expression: Expression, groups: ReadonlyMap<Reference, Groups>, timeMs: number): readonly Sample[] {
  const labelled = new Map([...groups.values()].flatMap((group) => group.labelled));
  const keys = labelled.size > 0 ? labelled : new Map([[UNLABELLED, {}]]);
  return Array.from(keys).flatMap(([key, labels]): Sample[] => {
    const samples = new Map(Array.from(groups, ([reference, group]) => [reference, group.get(key)]));
    if ([...samples.values()].includes(undefined)) return [];
    const timestampMs = Math.min(timeMs, ...Array.from(samples.values(), (sample) => sample!.timestampMs));
    return [{ labels, value: expression.evaluate((reference) => samples.get(reference)!.value), timestampMs }];
  });
}
