import { SyntaxNode } from './_grammar';
import { LabelSet } from './_label-set';
import { withoutModifiers } from './_modifiers';
import { QueryMistake } from './_query-mistake';
import { textIn } from './_text';
import { regularExpression, unquoted } from './_texts';

/** Groups of an expression, as a replacement names them. */
const REFERENCES = /\$(?:\w+|\{\w+\})/g;

/**
 * What a function that writes a label leaves; undefined for other functions. One that is made of nothing but labels which are not there is
 * empty, and so not there either: `label_replace(sum by (pod) (a), "namespace", "$1", "exported_namespace", "(.*)")` has no namespace.
 *
 * @throws QueryMistake for what Prometheus refuses as it runs the query
 */
export function replacedLabels(name: string, args: readonly SyntaxNode[], labels: LabelSet, query: string): LabelSet | undefined {
  if (name !== 'label_replace' && name !== 'label_join') return undefined;
  const label = labelIn(name, args[1], query);
  const written = name === 'label_join' ? isJoined(args.slice(2), labels, query) : isReplaced(args.slice(2), labels, query);
  return written ? labels.with([label]) : labels;
}

/** A label that an argument names. @throws QueryMistake */
export function labelIn(name: string, arg: SyntaxNode, query: string): string {
  const label = argumentText(arg, query);
  if (label === '') throw new QueryMistake(`names of labels in ${name}(); one is empty`);
  return label;
}

function isJoined([separator, ...sources]: readonly SyntaxNode[], labels: LabelSet, query: string): boolean {
  const named = sources.map((source) => labelIn('label_join', source, query));
  return named.some((source) => labels.has(source)) || named.length > 1 && argumentText(separator, query) !== '';
}

function isReplaced(args: readonly SyntaxNode[], labels: LabelSet, query: string): boolean {
  const [replacement, source, expression] = args.map((arg) => argumentText(arg, query));
  regularExpression(expression);
  return replacement.replace(REFERENCES, '') !== '' || replacement !== '' && labels.has(source);
}

function argumentText(arg: SyntaxNode, query: string): string {
  return unquoted(textIn(withoutModifiers(arg), query));
}
