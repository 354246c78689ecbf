import { readSeriesSelector, SeriesSelector, SeriesSelectorError } from './series-selector';
import { TextCursor } from './text-cursor';

/** A metric that a formula names. */
export interface Reference {
  readonly selector: SeriesSelector;
  /** As it is written. */
  readonly text: string;
  /** Where in the formula. */
  readonly offset: number;
}

export interface Expression {
  readonly references: readonly Reference[];
  /** The value where a reference has that of `valueOf`. */
  evaluate(valueOf: (reference: Reference) => number): number;
}

export class FormulaSyntaxError extends Error {
  readonly name = 'FormulaSyntaxError';

  /** `offset` is where in the text. */
  constructor(message: string, readonly offset: number) {
    super(message);
  }
}

type Evaluate = Expression['evaluate'];

const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const FUNCTION = /(min|max)\s*\(/y;
const SPACE = /\s*/y;
/** Far more than a person writes; every parenthesis takes a part of the stack. */
const MAX_DEPTH = 50;

/** Reads `+ - * /`, `min(…)`, `max(…)`, parentheses, numbers, and metrics with or without a selector of series. @throws FormulaSyntaxError */
export function parseFormula(text: string): Expression {
  return new Parser(text).formula();
}

class Parser {
  private readonly cursor: TextCursor;
  private depth = 0;
  private readonly references: Reference[] = [];

  constructor(text: string) {
    this.cursor = new TextCursor(text);
  }

  formula(): Expression {
    const evaluate = this.sum();
    if (!this.cursor.isAtEnd) throw this.unexpected('an operator or nothing');
    return { references: this.references, evaluate };
  }

  private sum(): Evaluate {
    let left = this.product();
    for (let operator = this.operator('+', '-'); operator; operator = this.operator('+', '-')) {
      const [one, other] = [left, this.product()];
      left = operator === '+' ? (valueOf) => one(valueOf) + other(valueOf) : (valueOf) => one(valueOf) - other(valueOf);
    }
    return left;
  }

  private product(): Evaluate {
    let left = this.factor();
    for (let operator = this.operator('*', '/'); operator; operator = this.operator('*', '/')) {
      const [one, other] = [left, this.factor()];
      left = operator === '*' ? (valueOf) => one(valueOf) * other(valueOf) : (valueOf) => one(valueOf) / other(valueOf);
    }
    return left;
  }

  private factor(): Evaluate {
    if (++this.depth > MAX_DEPTH) throw new FormulaSyntaxError(`it is nested more than ${MAX_DEPTH} deep`, this.cursor.at);
    const evaluate = this.operand();
    this.depth--;
    return evaluate;
  }

  private operand(): Evaluate {
    if (this.operator('-')) {
      const operand = this.factor();
      return (valueOf) => -operand(valueOf);
    }
    if (this.operator('(')) return this.closed(this.sum());
    const number = this.cursor.take(NUMBER);
    if (number !== undefined) return () => Number(number);
    const call = this.cursor.take(FUNCTION);
    return call === undefined ? this.reference() : this.call(call.startsWith('min') ? Math.min : Math.max);
  }

  private call(combine: (...values: number[]) => number): Evaluate {
    const operands = [this.sum()];
    while (this.operator(',')) operands.push(this.sum());
    return this.closed((valueOf) => combine(...operands.map((operand) => operand(valueOf))));
  }

  private closed(evaluate: Evaluate): Evaluate {
    if (!this.operator(')')) throw this.unexpected('an operator or )');
    return evaluate;
  }

  private reference(): Evaluate {
    const { cursor } = this;
    if (!/[A-Za-z_:']/.test(cursor.text[cursor.at] ?? '')) throw this.unexpected('a number, a metric, ( or -');
    const offset = cursor.at;
    try {
      const selector = readSeriesSelector(cursor);
      const reference = { selector, text: cursor.text.slice(offset, cursor.at), offset };
      this.references.push(reference);
      return (valueOf) => valueOf(reference);
    } catch (error) {
      throw error instanceof SeriesSelectorError ? new FormulaSyntaxError(error.message, error.offset) : error;
    }
  }

  private operator(...operators: readonly string[]): string | undefined {
    this.cursor.take(SPACE);
    const found = operators.find((operator) => this.cursor.skip(operator));
    this.cursor.take(SPACE);
    return found;
  }

  private unexpected(wanted: string): FormulaSyntaxError {
    return new FormulaSyntaxError(`there is ${this.cursor.found}, where a formula has ${wanted}`, this.cursor.at);
  }
}
