import { SyntaxNode } from './_grammar';

/** A label as it stands, or within quotes. */
export function stringIn(node: SyntaxNode, query: string): string {
  return textIn(node, query).replace(/^(["'`])(.*)\1$/s, '$2');
}

export function textIn({ from, to }: SyntaxNode, query: string): string {
  return query.slice(from, to);
}

/** Labels in the parentheses of by, without, on, ignoring, group_left and group_right. */
export function groupingLabels(list: SyntaxNode | null, query: string): string[] {
  const labels: string[] = [];
  for (let child = list?.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') labels.push(stringIn(child, query));
  }
  return labels;
}
