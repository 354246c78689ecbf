import { SyntaxNode } from './_grammar';
import { QueryMistake } from './_query-mistake';
import { textIn } from './_text';

/** What moves a selector in time, as written. */
const MODIFIERS: Readonly<Record<string, string>> = { OffsetExpr: 'offset', StepInvariantExpr: '@', AnchoredExpr: 'anchored', SmoothedExpr: 'smoothed' };
const MOVED = ['VectorSelector', 'MatrixSelector', 'SubqueryExpr'];

/** What stands within parentheses and modifiers. */
export function withoutModifiers(node: SyntaxNode): SyntaxNode {
  return node.name === 'ParenExpr' || node.name in MODIFIERS ? withoutModifiers(node.getChild('Expr')!) : node;
}

/** @throws QueryMistake for modifiers of what is no selector, which the grammar lets pass, and for one that comes twice */
export function checkModifiers(node: SyntaxNode, query: string): void {
  if (!(node.name in MODIFIERS)) return;
  const modifier = MODIFIERS[node.name];
  let moved = node.getChild('Expr')!;
  // Behind a sign, as in a + -b offset 5m, the grammar has it stand behind all of that; Prometheus has it behind b.
  while (moved.name in MODIFIERS || moved.name === 'UnaryExpr' || moved.name === 'BinaryExpr') {
    if (moved.name === node.name) throw new QueryMistake(`${modifier} once; ${textIn(node, query)} has it twice`);
    moved = moved.getChildren('Expr').at(-1)!;
  }
  if (MOVED.includes(moved.name)) return;
  throw new QueryMistake(`${modifier} behind a selector or a subquery, as in metric ${modifier === '@' ? '@ end()' : 'offset 5m'}, and not behind ${textIn(moved, query)}`);
}
