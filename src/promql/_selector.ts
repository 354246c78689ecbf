import { SyntaxNode } from './_grammar';
import { QueryMistake } from './_query-mistake';
import { stringIn, textIn } from './_text';
import { regularExpression, unquoted } from './_texts';

/** A condition of a selector; a name within the braces is one of `__name__`. */
export interface LabelMatcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

const NAME = '__name__';

/** Those within the braces of a VectorSelector. */
export function matchersOf(selector: SyntaxNode, query: string): readonly LabelMatcher[] {
  const matchers: LabelMatcher[] = [];
  for (let child = selector.getChild('LabelMatchers')?.firstChild ?? null; child; child = child.nextSibling) {
    if (child.name === 'QuotedLabelName') matchers.push({ label: NAME, operator: '=', value: stringIn(child, query) });
    if (!child.name.endsWith('LabelMatcher')) continue;
    const label = child.firstChild!;
    const value = unquoted(textIn(child.getChild('StringLiteral')!, query));
    matchers.push({ label: stringIn(label, query), operator: textIn(child.getChild('MatchOp')!, query), value });
  }
  return matchers;
}

/** @throws QueryMistake for a selector of everything, which Prometheus refuses, and for one with two names */
export function checkSelector(selector: SyntaxNode, query: string): void {
  const matchers = matchersOf(selector, query);
  const given = textIn(selector, query);
  const name = selector.getChild('Identifier');
  if (name) {
    // Prometheus takes other keywords for names, which the grammar knows.
    if (/^atan2$/i.test(textIn(name, query))) throw new QueryMistake(`${textIn(name, query)} between two expressions; as a metric's name write {__name__="${textIn(name, query)}"}`);
    if (matchers.some(({ label }) => label === NAME)) throw new QueryMistake(`a metric's name once; ${given} has two`);
  } else if (matchers.every(matchesNothing)) {
    throw new QueryMistake(`selectors with a metric's name or with a label that is not empty; ${given} would choose every series`);
  }
}

/** Whether series without the label have what it asks for. */
function matchesNothing({ operator, value }: LabelMatcher): boolean {
  const equal = operator.endsWith('~') ? regularExpression(value).test('') : value === '';
  return operator.startsWith('!') ? !equal : equal;
}
