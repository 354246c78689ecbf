import { SyntaxNode } from './_grammar';
import { QueryMistake } from './_query-mistake';
import { textIn } from './_text';
import { parsePrometheusDuration } from '../_facts/prometheus-duration';

/** Of a selector's range, or of a subquery's range and step, in milliseconds; undefined for one that has to be reckoned. @throws QueryMistake for none above zero */
export function durationMs(node: SyntaxNode, query: string): number | undefined {
  const text = textIn(node, query).trim();
  const ms = parsePrometheusDuration(text) ?? secondsMs(text);
  if (ms !== undefined && ms <= 0) throw new QueryMistake(`durations above zero, as in [5m]; this is ${text}`);
  return ms;
}

/** A number without a unit is of seconds. */
function secondsMs(text: string): number | undefined {
  const [, sign, rest] = /^(-?)\s*(.*)$/s.exec(text)!;
  const ms = sign ? parsePrometheusDuration(rest) : undefined;
  const value = ms === undefined ? Number(rest) * 1000 : ms;
  return Number.isNaN(value) ? undefined : sign ? -value : value;
}
