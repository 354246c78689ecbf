import { SyntaxNode } from './_grammar';

/** A label as it stands, or within quotes. */
export function stringIn(node: SyntaxNode, query: string): string {
  return textIn(node, query).replace(/^(["'`])(.*)\1$/s, '$2');
}

export function textIn({ from, to }: SyntaxNode, query: string): string {
  return query.slice(from, to);
}
