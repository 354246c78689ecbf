import { LabelRules } from './label-rules';
import { formatRequirement, keyError, Labels, Operator, Requirement, valuesError } from './requirement';
import { Token, tokenize } from './selector-tokens';
import { BoundedCache } from '../bounded-cache';

export type { Labels, Operator, Requirement } from './requirement';

/** A label selector that cannot be read. The message is what kube-apiserver would answer with code 400. */
export class SelectorSyntaxError extends Error {
  readonly name = 'SelectorSyntaxError';
}

/** Chooses objects by their labels: all requirements must be met, none at all choose everything. */
export class Selector {
  static readonly everything = new Selector([]);

  /** Sorted by key. */
  readonly requirements: readonly Requirement[];
  /** Made when an object is there. */
  private rules: LabelRules | undefined;

  constructor(requirements: readonly Requirement[]) {
    this.requirements = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  get isEverything(): boolean {
    return this.requirements.length === 0;
  }

  matches(labels: Labels): boolean {
    this.rules ??= new LabelRules(this.requirements);
    return this.rules.admit(labels);
  }

  /** The canonical form, which parses to an equal selector. */
  toString(): string {
    return this.requirements.map(formatRequirement).join(',');
  }
}

/**
 * Reads the selector grammar of the Kubernetes API: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`,
 * `a<1`, joined by commas.
 */
export function parseSelector(text: string): Selector {
  if (text === '') return Selector.everything;
  const parse = () => new Selector(new Parser(tokenize(text)).requirements());
  return text.length <= MAX_KEPT_LENGTH ? kept.getOrMake(text, parse) : parse();
}

/** One request's is read several times, to authorize it and to answer, and autoscalers ask by the same ones again and again. */
const MAX_KEPT = 1024;
const MAX_KEPT_LENGTH = 256;
const kept = new BoundedCache<Selector>(MAX_KEPT);

const BINARY: Readonly<Record<string, Operator>> = {
  'in': 'in', 'notin': 'notin', '=': '=', '==': '==', '!=': '!=', '>': 'gt', '<': 'lt',
};

/** Accepts exactly what k8s.io/apimachinery's labels.Parse accepts, its oddities (`a in (,b`, `a=`) included. */
class Parser {
  private position = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  requirements(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const token = this.peek();
      if (token.type === 'end') return requirements;
      if (!startsRequirement(token)) throw new SelectorSyntaxError(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.requirement());
      const after = this.next();
      if (after.type === 'end') return requirements;
      if (!is(after, ',')) throw new SelectorSyntaxError(`found '${after.text}', expected: ',' or 'end of string'`);
      if (!startsRequirement(this.peek())) throw new SelectorSyntaxError(`found '${this.peek().text}', expected: identifier after ','`);
    }
  }

  private requirement(): Requirement {
    const negated = is(this.peek(), '!');
    if (negated) this.next();
    const token = this.next();
    if (token.type !== 'word') fail(`found '${token.text}', expected: identifier`);
    const key = token.text;
    failIf(keyError(key));
    if (negated) return { key, operator: '!', values: [] };
    if (endsRequirement(this.peek())) return { key, operator: 'exists', values: [] };
    const operator = this.operator();
    const values = [...new Set(operator === 'in' || operator === 'notin' ? this.values() : [this.value()])].sort();
    const requirement = { key, operator, values };
    failIf(valuesError(requirement));
    return requirement;
  }

  private operator(): Operator {
    const { text } = this.next();
    if (!Object.hasOwn(BINARY, text)) fail(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
    return BINARY[text];
  }

  private value(): string {
    if (endsRequirement(this.peek())) return '';
    const token = this.next();
    return token.type === 'word' ? token.text : fail(`found '${token.text}', expected: identifier`);
  }

  private values(): string[] {
    const open = this.next();
    if (!is(open, '(')) fail(`found '${open.text}' expected: '('`);
    const first = this.peek();
    if (is(first, ')')) {
      this.next();
      return [''];
    }
    if (first.type !== 'word' && !is(first, ',')) fail(`found '${first.text}', expected: ',', ')' or identifier`);
    const values = this.list();
    this.next();
    return values;
  }

  /** Up to the closing bracket, which is left. An empty place between commas is the empty value, but not one after a word's comma. */
  private list(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.next();
      if (token.type === 'word') {
        values.push(token.text);
        if (is(this.peek(), ')')) return values;
        if (!is(this.peek(), ',')) fail(`found '${this.peek().text}', expected: ',' or ')'`);
      } else if (is(token, ',')) {
        if (values.length === 0) values.push('');
        if (is(this.peek(), ')')) return [...values, ''];
        if (is(this.peek(), ',')) {
          this.next();
          values.push('');
        }
      } else {
        fail(`found '${token.text}', expected: ',', or identifier`);
      }
    }
  }

  private peek(): Token {
    return this.tokens[this.position];
  }

  /** The end is never passed. */
  private next(): Token {
    const token = this.tokens[this.position];
    if (token.type !== 'end') this.position++;
    return token;
  }
}

function is(token: Token, symbol: string): boolean {
  return token.type === 'symbol' && token.text === symbol;
}

function startsRequirement(token: Token): boolean {
  return token.type === 'word' || is(token, '!');
}

function endsRequirement(token: Token): boolean {
  return token.type === 'end' || is(token, ',');
}

function fail(message: string): never {
  throw new SelectorSyntaxError(`unable to parse requirement: ${message}`);
}

function failIf(error: string | undefined): void {
  if (error !== undefined) fail(error);
}
