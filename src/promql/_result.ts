import { SyntaxNode } from './_grammar';
import { LabelSet } from './_label-set';
import { QueryMistake } from './_query-mistake';
import { stringIn, textIn } from './_text';

export type ValueType = 'scalar' | 'vector' | 'range vector' | 'string';

/** What an expression gives. */
export interface Result {
  readonly type: ValueType;
  readonly labels: LabelSet;
}

const NO_LABELS = LabelSet.only([]);
const ANY_LABELS = LabelSet.anyBut();

/** Functions of a range vector, beside all whose names end with `_over_time`. */
const RANGE_FUNCTIONS = [
  'changes', 'delta', 'deriv', 'double_exponential_smoothing', 'idelta', 'increase', 'irate', 'predict_linear', 'rate', 'resets',
];
const SCALAR_FUNCTIONS = ['end', 'pi', 'range', 'scalar', 'start', 'step', 'time'];
/** Their labels come from a selector or from other series. */
const FUNCTIONS_OF_ANY_LABELS = ['absent', 'absent_over_time', 'info'];
/** Their second argument names a label that they write. */
const LABEL_FUNCTIONS = ['label_join', 'label_replace'];
/** These choose series, which stay as they are. */
const CHOOSING_AGGREGATIONS = ['bottomk', 'limitk', 'limit_ratio', 'topk'];
const SET_OPERATORS = ['And', 'Or', 'Unless'];

/** Type and labels of what a whole expression gives. @throws QueryMistake for types that do not go together, which the grammar lets pass */
export function resultOf(node: SyntaxNode, query: string): Result {
  const textOf = ({ from, to }: SyntaxNode): string => query.slice(from, to);
  const [operand, second] = node.getChildren('Expr');
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { type: 'scalar', labels: NO_LABELS };
    case 'StringLiteral':
      return { type: 'string', labels: NO_LABELS };
    case 'VectorSelector':
      return { type: 'vector', labels: ANY_LABELS };
    case 'MatrixSelector':
      if (operand.name !== 'VectorSelector') throw new QueryMistake(`ranges of selectors; ${textOf(operand)} is none and needs a subquery, as in [5m:]`);
      return { type: 'range vector', labels: ANY_LABELS };
    case 'SubqueryExpr':
      return { type: 'range vector', labels: vector(operand, query, 'a subquery').labels };
    case 'AggregateExpr':
      return aggregation(node, query);
    case 'FunctionCall':
      return functionCall(node, query);
    case 'BinaryExpr':
      return binary(node, number(operand, query), number(second, query), query);
    default:
      // Parentheses, signs, offsets and times leave type and labels as they are.
      return resultOf(operand, query);
  }
}

function functionCall(node: SyntaxNode, query: string): Result {
  const name = textIn(node.getChild('FunctionIdentifier')!, query);
  const args = argumentsOf(node);
  const results = args.map((arg) => resultOf(arg, query));
  const wantsRange = RANGE_FUNCTIONS.includes(name) || name.endsWith('_over_time');
  const ranges = results.filter(({ type }) => type === 'range vector').length;
  if (wantsRange && ranges !== 1) throw new QueryMistake(`${name}() of a range, as in ${name}(${args.map((arg) => textIn(arg, query)).join(', ') || 'metric'}[5m])`);
  if (!wantsRange && ranges > 0) throw new QueryMistake(`${name}() of values at one moment, not of a range such as ${textIn(args[0], query)}`);
  if (SCALAR_FUNCTIONS.includes(name)) return { type: 'scalar', labels: NO_LABELS };
  if (FUNCTIONS_OF_ANY_LABELS.includes(name)) return { type: 'vector', labels: ANY_LABELS };
  const { labels } = results.find(({ type }) => type === 'vector' || type === 'range vector') ?? { labels: NO_LABELS };
  if (name === 'histogram_quantile') return { type: 'vector', labels: labels.without(['le']) };
  return { type: 'vector', labels: LABEL_FUNCTIONS.includes(name) && args[1] ? labels.with([stringIn(args[1], query)]) : labels };
}

function aggregation(node: SyntaxNode, query: string): Result {
  const name = textIn(node.getChild('AggregateOp')!, query).toLowerCase();
  const args = argumentsOf(node);
  const { labels } = vector(args[args.length - 1], query, `${name}()`);
  if (CHOOSING_AGGREGATIONS.includes(name)) return { type: 'vector', labels };
  const modifier = node.getChild('AggregateModifier');
  const grouping = modifier ? groupingLabels(modifier.getChild('GroupingLabels'), query) : [];
  const grouped = modifier?.getChild('Without') ? labels.without(grouping) : labels.onlyThose(grouping);
  return { type: 'vector', labels: name === 'count_values' ? grouped.with([stringIn(args[0], query)]) : grouped };
}

function binary(node: SyntaxNode, left: Result, right: Result, query: string): Result {
  if (left.type === 'scalar') return right;
  if (right.type === 'scalar') return left;
  if (node.getChild('Or')) return { type: 'vector', labels: left.labels.intersection(right.labels) };
  if (SET_OPERATORS.some((operator) => node.getChild(operator))) return left;
  const modifier = node.getChild('MatchingModifierClause');
  const [matching, included] = modifier?.getChildren('GroupingLabels').map((list) => groupingLabels(list, query)) ?? [];
  if (modifier?.getChild('GroupLeft')) return { type: 'vector', labels: left.labels.with(included ?? []) };
  if (modifier?.getChild('GroupRight')) return { type: 'vector', labels: right.labels.with(included ?? []) };
  const both = left.labels.intersection(right.labels);
  if (modifier?.getChild('On')) return { type: 'vector', labels: both.onlyThose(matching) };
  return { type: 'vector', labels: modifier?.getChild('Ignoring') ? left.labels.without(matching) : both };
}

function argumentsOf(node: SyntaxNode): SyntaxNode[] {
  return node.getChild('FunctionCallBody')?.getChildren('Expr') ?? [];
}

function vector(node: SyntaxNode | undefined, query: string, whose: string): Result {
  const result = node && resultOf(node, query);
  if (result?.type !== 'vector') throw new QueryMistake(`${whose} of a vector${result ? `; ${textIn(node!, query)} is a ${result.type}` : ''}`);
  return result;
}

function number(node: SyntaxNode, query: string): Result {
  const result = resultOf(node, query);
  if (result.type === 'vector' || result.type === 'scalar') return result;
  throw new QueryMistake(`operators between vectors and scalars; ${textIn(node, query)} is a ${result.type}`);
}

function groupingLabels(list: SyntaxNode | null, query: string): string[] {
  const labels: string[] = [];
  for (let child = list?.firstChild; child; child = child.nextSibling) labels.push(stringIn(child, query));
  return labels;
}
