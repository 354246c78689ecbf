import { SyntaxNode } from './_grammar';
import { LabelSet } from './_label-set';
import { QueryMistake } from './_query-mistake';
import { ValueType } from './_signatures';
import { groupingLabels, textIn } from './_text';

/** What an expression gives. */
export interface Result {
  readonly type: ValueType;
  readonly labels: LabelSet;
}

const COMPARISONS = ['Eql', 'Gte', 'Gtr', 'Lss', 'Lte', 'Neq'];
const SET_OPERATORS = ['And', 'Or', 'Unless'];

/** How the two sides are brought together. */
interface Matching {
  /** By `on` or else `ignoring`, if either stands there. */
  readonly by?: 'on' | 'ignoring';
  readonly labels: readonly string[];
  /** Of which side several series may match one. */
  readonly many?: 'left' | 'right';
  /** Labels that the others get from the one. */
  readonly included: readonly string[];
}

/** Type and labels of what an operator gives. @throws QueryMistake for operands that it does not take */
export function binaryResult(node: SyntaxNode, left: Result, right: Result, query: string): Result {
  const matching = matchingOf(node, query);
  checkOperands(node, [left, right], query);
  if (left.type === 'scalar' || right.type === 'scalar') {
    checkBesideScalar(node, [left, right], matching, query);
    return left.type === 'scalar' ? right : left;
  }
  if (isSetOperator(node) && matching.many) throw new QueryMistake(`${operatorIn(node, query)} without group_left and group_right`);
  const twice = matching.by === 'on' && matching.included.find((label) => matching.labels.includes(label));
  if (twice) throw new QueryMistake(`a label either in on (…) or in group_${matching.many} (…); ${twice} is in both`);
  return { type: 'vector', labels: labelsOf(node, left.labels, right.labels, matching) };
}

function labelsOf(node: SyntaxNode, left: LabelSet, right: LabelSet, { by, labels, many, included }: Matching): LabelSet {
  if (node.getChild('Or')) return left.intersection(right);
  if (node.getChild('And') || node.getChild('Unless')) return left;
  if (many) {
    const [ofMany, ofOne] = many === 'left' ? [left, right] : [right, left];
    return ofMany.without(included).with(included.filter((label) => ofOne.has(label)));
  }
  if (by === 'on') return left.intersection(right).onlyThose(labels);
  return by === 'ignoring' ? left.without(labels) : left.intersection(right);
}

function checkOperands(node: SyntaxNode, results: readonly Result[], query: string): void {
  const operands = node.getChildren('Expr');
  results.forEach(({ type }, i) => {
    if (type !== 'vector' && type !== 'scalar') throw new QueryMistake(`operators between vectors and scalars; ${textIn(operands[i], query)} is a ${type}`);
  });
  if (node.getChild('BoolModifier') && !isComparison(node)) throw new QueryMistake(`bool behind comparisons alone, such as >; not behind ${operatorIn(node, query)}`);
}

function checkBesideScalar(node: SyntaxNode, [left, right]: readonly Result[], matching: Matching, query: string): void {
  const operator = operatorIn(node, query);
  if (isSetOperator(node)) {
    const scalar = textIn(node.getChildren('Expr')[left.type === 'scalar' ? 0 : 1], query);
    throw new QueryMistake(`${operator} between vectors; ${scalar} is a scalar, of which vector(${scalar}) makes a vector without labels`);
  }
  if (matching.labels.length > 0) throw new QueryMistake(`${matching.by} (…) between vectors, not beside a scalar`);
  if (left.type === right.type && isComparison(node) && !node.getChild('BoolModifier')) {
    throw new QueryMistake(`comparisons of vectors; between two scalars write ${operator} bool, which gives 0 or 1`);
  }
}

function matchingOf(node: SyntaxNode, query: string): Matching {
  const modifier = node.getChild('MatchingModifierClause');
  const [labels, included] = modifier?.getChildren('GroupingLabels').map((list) => groupingLabels(list, query)) ?? [];
  return {
    by: modifier?.getChild('On') ? 'on' : modifier ? 'ignoring' : undefined,
    labels: labels ?? [],
    many: modifier?.getChild('GroupLeft') ? 'left' : modifier?.getChild('GroupRight') ? 'right' : undefined,
    included: included ?? [],
  };
}

function isSetOperator(node: SyntaxNode): boolean {
  return SET_OPERATORS.some((name) => node.getChild(name));
}

function isComparison(node: SyntaxNode): boolean {
  return COMPARISONS.some((name) => node.getChild(name));
}

/** What stands between the operands, without what follows it. */
function operatorIn(node: SyntaxNode, query: string): string {
  let operator = node.firstChild!.nextSibling!;
  while (operator.name === 'LineComment') operator = operator.nextSibling!;
  return textIn(operator, query);
}
