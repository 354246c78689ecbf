import { acknowledgedReason } from './_acknowledgement';
import { asText, Manifest } from './_manifest';
import { ManifestSet } from './_manifest-set';
import { Fault, Rule } from './_rule';
import { RULES } from './_rules';
import { RuleLevel } from './rule-finding';

/** A fault, with the rule that it breaks. */
export interface Finding extends Fault {
  readonly rule: Rule;
}

/** Levels, the mildest first. */
const SEVERITY = [RuleLevel.WARNING, RuleLevel.INSECURE, RuleLevel.ERROR];

/**
 * What is wrong with documents that are applied together, without what is acknowledged. Whatever the documents hold, this does not throw.
 *
 * @param exclude Ids of rules that are not asked
 */
export function judge(documents: readonly unknown[], exclude: readonly string[] = []): Finding[] {
  const set = new ManifestSet(documents);
  return RULES.filter(({ id }) => !exclude.includes(id)).flatMap((rule) => rule.check(set)
    .filter(({ object }) => acknowledgedReason(object, rule.id) === undefined)
    .map((fault) => ({ rule, ...fault })));
}

export function isAtLeast(level: RuleLevel, least: RuleLevel): boolean {
  return SEVERITY.indexOf(level) >= SEVERITY.indexOf(least);
}

/** Kind, namespace and name, as kubectl's users know an object. */
export function objectName({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ? `${asText(metadata.namespace)}/` : ''}${metadata.name}`;
}

/** Place and value, as in `spec.replicas: 1`. */
export function location({ path, given }: Fault): string {
  return `${path}: ${show(given)}`;
}

/** What stands there, as JSON. */
export function show(given: unknown): string {
  return given === undefined ? 'missing' : JSON.stringify(given, (_, value) => typeof value === 'bigint' ? `${value}n` : value);
}
