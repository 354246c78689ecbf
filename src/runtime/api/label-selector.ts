import { Operator, Selector } from '../labels/selector';
import { ProtobufWriter } from '../server/encoding/protobuf-writer';

/** meta.k8s.io/v1 LabelSelector: what an object says of a selector that a request has as text. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A LabelSelector has no comparisons. */
const OPERATORS: Readonly<Partial<Record<Operator, string>>> = { 'in': 'In', 'notin': 'NotIn', '!=': 'NotIn', 'exists': 'Exists', '!': 'DoesNotExist' };

/** Null for the selector that selects everything. Throws an error for the client when a requirement cannot be said as a LabelSelector. */
export function labelSelectorOf({ requirements, isEverything }: Selector): LabelSelector | null {
  if (isEverything) return null;
  const matchLabels: Record<string, string> = {};
  const matchExpressions: LabelSelectorRequirement[] = [];
  for (const { key, operator, values } of requirements) {
    const named = OPERATORS[operator];
    if (operator === '=' || operator === '==') matchLabels[key] = values[0];
    else if (named === undefined) throw new Error(`${JSON.stringify(operator)} is not a valid label selector operator`);
    else matchExpressions.push({ key, operator: named, ...values.length > 0 && { values } });
  }
  return { ...Object.keys(matchLabels).length > 0 && { matchLabels }, ...matchExpressions.length > 0 && { matchExpressions } };
}

export function writeLabelSelector(writer: ProtobufWriter, field: number, { matchLabels = {}, matchExpressions = [] }: LabelSelector): void {
  const message = writer.beginMessage(field);
  writeLabels(writer, 1, matchLabels);
  for (const { key, operator, values = [] } of matchExpressions) {
    const requirement = writer.beginMessage(2);
    writer.text(1, key);
    writer.text(2, operator);
    for (const value of values) writer.text(3, value);
    writer.endMessage(requirement);
  }
  writer.endMessage(message);
}

/** A map of texts, sorted by key as Go writes it. */
export function writeLabels(writer: ProtobufWriter, field: number, labels: Readonly<Record<string, string>>): void {
  for (const key of Object.keys(labels).sort()) {
    const entry = writer.beginMessage(field);
    writer.text(1, key);
    writer.text(2, labels[key]);
    writer.endMessage(entry);
  }
}
