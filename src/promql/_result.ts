import { binaryResult, Result } from './_binary';
import { durationMs } from './_duration';
import { SyntaxNode } from './_grammar';
import { labelIn, replacedLabels } from './_label-functions';
import { LabelSet } from './_label-set';
import { checkModifiers, withoutModifiers } from './_modifiers';
import { QueryMistake } from './_query-mistake';
import { checkSelector, matchersOf } from './_selector';
import { givesScalar, signature } from './_signatures';
import { groupingLabels, textIn } from './_text';

const NO_LABELS = LabelSet.only([]);
const ANY_LABELS = LabelSet.anyBut();

/** These choose series, which stay as they are. */
const CHOOSING_AGGREGATIONS = ['bottomk', 'limitk', 'limit_ratio', 'topk'];
/** Of histograms, these make values without buckets. */
const HISTOGRAM_FUNCTIONS = ['histogram_fraction', 'histogram_quantile', 'histogram_quantiles'];

/** Type and labels of what a whole expression gives. @throws QueryMistake for what Prometheus refuses though the grammar lets it pass */
export function resultOf(node: SyntaxNode, query: string): Result {
  const [operand, second] = node.getChildren('Expr');
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { type: 'scalar', labels: NO_LABELS };
    case 'StringLiteral':
      return { type: 'string', labels: NO_LABELS };
    case 'VectorSelector':
      checkSelector(node, query);
      return { type: 'vector', labels: ANY_LABELS };
    case 'MatrixSelector':
      if (operand.name !== 'VectorSelector') throw new QueryMistake(`ranges of selectors; ${textIn(operand, query)} is none and needs a subquery, as in [5m:]`);
      checkDurations(node, query);
      return { type: 'range vector', labels: resultOf(operand, query).labels };
    case 'SubqueryExpr':
      checkDurations(node, query);
      return { type: 'range vector', labels: subqueried(operand, query).labels };
    case 'AggregateExpr':
      return aggregation(node, query);
    case 'FunctionCall':
      return functionCall(node, query);
    case 'BinaryExpr':
      return binaryResult(node, resultOf(operand, query), resultOf(second, query), query);
    case 'UnaryExpr':
      return signed(resultOf(operand, query), node, query);
    default:
      // Parentheses, offsets and times leave type and labels as they are.
      checkModifiers(node, query);
      return resultOf(operand, query);
  }
}

function functionCall(node: SyntaxNode, query: string): Result {
  const name = textIn(node.getChild('FunctionIdentifier')!, query);
  const args = argumentsOf(node);
  if (name === 'info' && args.length > 1) return { type: 'vector', labels: ANY_LABELS };
  const results = args.map((arg) => resultOf(arg, query));
  checkArguments(name, args, results, query);
  if (givesScalar(name)) return { type: 'scalar', labels: NO_LABELS };
  return { type: 'vector', labels: functionLabels(name, args, results, query) };
}

function functionLabels(name: string, args: readonly SyntaxNode[], results: readonly Result[], query: string): LabelSet {
  if (name === 'info') return ANY_LABELS;
  if (name.startsWith('absent')) return absentLabels(withoutModifiers(args[0]), query);
  const { labels } = results.find(({ type }) => type === 'vector' || type === 'range vector') ?? { labels: NO_LABELS };
  if (name === 'histogram_quantiles') return labels.without(['le']).with([labelIn(name, args[1], query)]);
  if (HISTOGRAM_FUNCTIONS.includes(name)) return labels.without(['le']);
  return replacedLabels(name, args, labels, query) ?? labels;
}

/** Of what is not there, its selector says by = which labels it would have. */
function absentLabels(node: SyntaxNode, query: string): LabelSet {
  const selector = node.name === 'MatrixSelector' ? node.getChild('Expr')! : node;
  if (selector.name !== 'VectorSelector') return NO_LABELS;
  return LabelSet.only(matchersOf(selector, query).flatMap(({ label, operator }) => operator === '=' ? [label] : []));
}

function aggregation(node: SyntaxNode, query: string): Result {
  const name = textIn(node.getChild('AggregateOp')!, query).toLowerCase();
  const args = argumentsOf(node);
  const results = args.map((arg) => resultOf(arg, query));
  checkArguments(name, args, results, query);
  const { labels } = results[results.length - 1];
  if (CHOOSING_AGGREGATIONS.includes(name)) return { type: 'vector', labels };
  const modifier = node.getChild('AggregateModifier');
  const grouping = modifier ? groupingLabels(modifier.getChild('GroupingLabels'), query) : [];
  const grouped = modifier?.getChild('Without') ? labels.without(grouping) : labels.onlyThose(grouping);
  return { type: 'vector', labels: name === 'count_values' ? grouped.with([labelIn(name, args[0], query)]) : grouped };
}

function checkArguments(name: string, args: readonly SyntaxNode[], results: readonly Result[], query: string): void {
  const { text, takes, required, repeats } = signature(name);
  const shown = `${name}(${text})`;
  if (args.length < required || !repeats && args.length > takes.length) {
    throw new QueryMistake(`${shown}; this has ${args.length === 1 ? 'one argument' : `${args.length || 'no'} arguments`}`);
  }
  results.forEach(({ type }, i) => {
    const wanted = takes[Math.min(i, takes.length - 1)];
    if (type === wanted) return;
    const given = textIn(args[i], query);
    const range = wanted === 'range vector' && type === 'vector' ? `, and ${given}[5m${args[i].name === 'VectorSelector' ? '' : ':'}] a range vector` : '';
    throw new QueryMistake(`${shown}; ${given} is a ${type}${range}`);
  });
}

function checkDurations(node: SyntaxNode, query: string): void {
  for (const duration of node.getChildren('DurationExpr')) durationMs(duration, query);
}

function subqueried(node: SyntaxNode, query: string): Result {
  const result = resultOf(node, query);
  if (result.type !== 'vector') throw new QueryMistake(`a subquery of a vector; ${textIn(node, query)} is a ${result.type}`);
  return result;
}

function signed(result: Result, node: SyntaxNode, query: string): Result {
  if (result.type === 'vector' || result.type === 'scalar') return result;
  throw new QueryMistake(`signs of vectors and scalars; ${textIn(node.getChild('Expr')!, query)} is a ${result.type}`);
}

function argumentsOf(node: SyntaxNode): SyntaxNode[] {
  return node.getChild('FunctionCallBody')?.getChildren('Expr') ?? [];
}
