import { SyntaxNode } from './_grammar';
import { QueryMistake } from './_query-mistake';
import { textIn } from './_text';
import { characterOf, GO_ESCAPE } from '../_facts/go-string';
import { Re2, Re2SyntaxError } from '../_facts/re2/re2';
import { labelExpression } from '../_facts/series-selector';

/** Texts and regular expressions, which the grammar lets pass. @throws QueryMistake for what Prometheus would refuse */
export function checkTexts(node: SyntaxNode, query: string): void {
  const operator = node.getChild('MatchOp');
  const isExpression = operator !== null && textIn(operator, query).endsWith('~');
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'StringLiteral') checkTexts(child, query);
    else if (isExpression) regularExpression(unquoted(textIn(child, query)));
    else unquoted(textIn(child, query));
  }
}

/** Prometheus takes an expression for the whole of a label's value. @throws QueryMistake */
export function regularExpression(pattern: string): Re2 {
  try {
    return labelExpression(pattern);
  } catch (error) {
    if (!(error instanceof Re2SyntaxError)) throw error;
    throw new QueryMistake(`PromQL with regular expressions as Go has them; ${error.message}`);
  }
}

/** As Go reads texts: what stands between backticks has no escapes. @throws QueryMistake */
export function unquoted(literal: string): string {
  const [quote, text] = [literal[0], literal.slice(1, -1)];
  if (quote === '`') return text;
  return text.replace(GO_ESCAPE, (whole, escape: string) => {
    const character = characterOf(escape, quote);
    if (character !== undefined) return character;
    throw new QueryMistake(`texts without ${whole}, which is no escape; in an expression write \\\\${escape}, or the text between backticks`);
  });
}
