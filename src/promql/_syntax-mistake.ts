import { firstError, syntaxTree } from './_grammar';

/** What stands for each thing that a query could go on with. */
const CONTINUATIONS: readonly (readonly [string, string])[] = [
  ['"text"', 'a text in quotes'], ['=""', '"=" and a text'], [')', '")"'], ['}', '"}"'], [']', '"]"'], [',', '","'],
];
const SHOWN_CHARACTERS = 20;

/** Where a query ceases to be PromQL, and what would go on with it. Undefined for one that is PromQL. */
export function syntaxMistake(text: string): string | undefined {
  const error = firstError(syntaxTree(text));
  if (!error) return undefined;
  const rest = text.slice(error.from).trimStart();
  const before = text.slice(0, text.length - rest.length);
  const expected = expectedAfter(before, rest);
  if (rest === '') return `${expected} is expected at its end`;
  const lines = before.split('\n');
  return `${expected} is expected at line ${lines.length}, column ${lines[lines.length - 1].length + 1}, in place of ${rest.slice(0, SHOWN_CHARACTERS)}`;
}

/** The grammar does not say what it would take, so it is tried: what it takes moves the first error behind it. */
function expectedAfter(before: string, rest: string): string {
  const takes = (continuation: string) => {
    const error = firstError(syntaxTree(`${before} ${continuation} ${rest}`));
    return !error || error.from > before.length + continuation.length;
  };
  // Nothing ends both by ) and by } but a text that does not end at all.
  if (takes(')') && takes('}')) return 'the quote that ends a text';
  if (takes('metric')) return 'an expression';
  return CONTINUATIONS.flatMap(([continuation, name]) => takes(continuation) ? [name] : []).join(' or ') || 'an operator or the end';
}
