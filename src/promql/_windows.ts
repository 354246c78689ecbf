import { durationMs } from './_duration';
import { SyntaxNode } from './_grammar';
import { withoutModifiers } from './_modifiers';

/** A range over which a function compares samples, so that it needs two of them. */
export interface RateWindow {
  /** As it stands in the query. */
  readonly expression: string;
  readonly windowMs: number;
}

const COMPARING_FUNCTIONS = ['delta', 'deriv', 'idelta', 'increase', 'irate', 'predict_linear', 'rate'];

/** Those of selectors, whose samples are as far apart as scrapes, and of which the length is written as a duration. */
export function rateWindows(node: SyntaxNode, query: string): readonly RateWindow[] {
  const windows = isComparing(node, query) ? argumentWindows(node, query) : [];
  for (let child = node.firstChild; child; child = child.nextSibling) windows.push(...rateWindows(child, query));
  return windows;
}

function isComparing(node: SyntaxNode, query: string): boolean {
  const name = node.name === 'FunctionCall' ? node.getChild('FunctionIdentifier') : null;
  return name !== null && COMPARING_FUNCTIONS.includes(query.slice(name.from, name.to));
}

function argumentWindows(call: SyntaxNode, query: string): RateWindow[] {
  return (call.getChild('FunctionCallBody')?.getChildren('Expr') ?? []).flatMap((argument) => {
    const range = withoutModifiers(argument);
    const duration = range.name === 'MatrixSelector' ? range.getChild('DurationExpr') : null;
    const windowMs = duration && durationMs(duration, query);
    return windowMs ? [{ expression: query.slice(call.from, call.to), windowMs }] : [];
  });
}
