import { syntaxTree, SyntaxNode } from './_grammar';
import { LabelSet } from './_label-set';
import { QueryMistake } from './_query-mistake';
import { resultOf } from './_result';
import { checkSelector } from './_selector';
import { syntaxMistake } from './_syntax-mistake';
import { checkTexts } from './_texts';
import { rateWindows, RateWindow } from './_windows';

/** What can be said of a query before any Prometheus is asked. */
export interface Query {
  /** Labels that the result may have. */
  readonly labels: LabelSet;
  /** Ranges of functions that compare samples. */
  readonly rateWindows: readonly RateWindow[];
}

/** @throws QueryMistake when Prometheus would refuse it, or when its result is no number at a time */
export function parseQuery(text: string): Query {
  const expression = parseExpression(text);
  const { type, labels } = resultOf(expression, text);
  if (type !== 'vector' && type !== 'scalar') throw new QueryMistake(`a query for values at one moment, a vector or a scalar; this gives a ${type}`);
  return { labels, rateWindows: rateWindows(expression, text) };
}

/** @throws QueryMistake when it is no selector of series, as Prometheus lists them by */
export function parseSelector(text: string): void {
  const expression = parseExpression(text);
  if (expression.name !== 'VectorSelector') throw new QueryMistake('a selector of series, as in http_requests_total{namespace!=""}');
  checkSelector(expression, text);
}

function parseExpression(text: string): SyntaxNode {
  const mistake = syntaxMistake(text);
  if (mistake) throw new QueryMistake(`PromQL; ${mistake}`);
  const [expression] = syntaxTree(text).getChildren('Expr');
  checkTexts(expression, text);
  return expression;
}
