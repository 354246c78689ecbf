import { goQuote } from '../../go-quote';
import { Requirement, Selector } from '../../labels/selector';
import { StatusError } from '../../server/status';

/** A condition of a series selector: `code=~"500|503"`. */
export interface LabelMatcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

const OPERATORS = { '=': '=', '==': '=', '!=': '!=', 'in': '=~', 'notin': '!~', 'exists': '!=', '!': '=' } as const;
const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * The conditions of a metric's selector. Values of `in` and `notin` are put into regular expressions as they are, as prometheus-adapter
 * does on purpose: `in (5.0)` is a way to ask for a pattern.
 *
 * @throws StatusError for `gt` and `lt`, which Prometheus does not have
 */
export function selectorMatchers(selector: Selector): readonly LabelMatcher[] {
  return selector.requirements.map(matcherOf);
}

function matcherOf({ key, operator, values }: Requirement): LabelMatcher {
  if (operator === 'gt' || operator === 'lt') {
    throw StatusError.badRequest(`the metric selector compares ${key} by ${operator}, which Prometheus cannot; use =, !=, in, notin, exists or !`);
  }
  return { label: key, operator: OPERATORS[operator], value: values.join('|') };
}

/** One name by `=`, several by a regular expression. */
export function namesMatcher(label: string, names: readonly string[]): LabelMatcher {
  return { label, operator: names.length > 1 ? '=~' : '=', value: names.join('|') };
}

/** Labels that Prometheus did not have before version 3 are quoted: `"app.kubernetes.io/name"="web"`. */
export function formatMatcher({ label, operator, value }: LabelMatcher): string {
  return `${PLAIN_LABEL.test(label) ? label : goQuote(label)}${operator}${goQuote(value)}`;
}
