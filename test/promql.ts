/** What an expression of PromQL reads, as far as our own expressions go: each selector has braces, and no string has any. */
export interface PromqlReads {
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** Labels by which is grouped or matched. */
  readonly grouping: readonly string[];
}

const WORDS = [
  'and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'bool', 'offset',
  'sum', 'max', 'min', 'topk', 'rate', 'changes', 'absent', 'histogram_quantile', 'time',
];

export function readsOf(expression: string): PromqlReads {
  const selectors = [...expression.matchAll(/([a-zA-Z_:][\w:]*)\{([^{}]*)\}/g)].map(([, metric, matchers]) => (
    { metric, labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"[^"]*"/g)].map(([, label]) => label) }));
  const lists = /\b(?:by|without|on|ignoring|group_left|group_right) ?\(([^()]*)\)/g;
  const grouping = [...expression.matchAll(lists)].flatMap(([, labels]) => labels.split(/[\s,]+/).filter(Boolean));
  const rest = expression.replace(/[a-zA-Z_:][\w:]*\{[^{}]*\}/g, '').replace(/\[[^\]]*\]/g, '').replace(lists, '');
  const strange = (rest.match(/[a-zA-Z_:][\w:]*/g) ?? []).filter((word) => !WORDS.includes(word));
  if (selectors.length === 0 || strange.length > 0) throw new Error(`cannot tell what is read by ${expression}: ${strange.join()}`);
  return { selectors, grouping };
}
