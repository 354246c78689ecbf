import { requireBundled } from '../_package';

/** A node of a syntax tree, as far as anybody here looks at it. */
export interface SyntaxNode {
  readonly name: string;
  readonly type: { readonly isError: boolean };
  /** Where it stands in the text. */
  readonly from: number;
  readonly to: number;
  readonly firstChild: SyntaxNode | null;
  readonly nextSibling: SyntaxNode | null;
  /** Children of a type or of a group of types; every expression is in the group `Expr`. */
  getChild(type: string): SyntaxNode | null;
  getChildren(type: string): SyntaxNode[];
}

interface Grammar {
  readonly parser: { parse(text: string): { readonly topNode: SyntaxNode } };
}

let grammar: Grammar | undefined;

/** The tree of a query, by the grammar that Prometheus' own web page reads queries with. What is no PromQL stands in it as errors. */
export function syntaxTree(query: string): SyntaxNode {
  // Loaded for whoever has queries; most charts have none.
  grammar ??= requireBundled('promql', '@prometheus-io/lezer-promql') as Grammar;
  const tree = grammar.parser.parse(query).topNode;
  // Where an expression begins, Prometheus itself takes this keyword for a metric's name: read as another name of its length.
  const { from = query.length } = firstError(tree) ?? {};
  const named = query.slice(0, from) + query.slice(from).replace(/^(\s*)offset\b/i, '$1metric');
  return named === query ? tree : syntaxTree(named);
}

/** What stands where the grammar takes nothing, or where something is missing. */
export function firstError(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type.isError) return node;
  for (let child = node.firstChild; child; child = child.nextSibling) {
    const error = firstError(child);
    if (error) return error;
  }
  return undefined;
}
