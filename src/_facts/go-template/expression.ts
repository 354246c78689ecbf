import { FUNCTIONS } from './functions';
import { goString } from './go-string';
import { TemplateError } from './template-error';
import { Token } from './tokens';
import { Value, ValueType } from './value';

/** What names stand for while a template is rendered. `$` is a variable, too. */
export interface Scope {
  readonly dot: Value;
  readonly variables: Readonly<Record<string, Value>>;
}

/** What is known of these names beforehand. */
export interface ScopeTypes {
  /** The fields of the template; a type within `range`. */
  readonly dot: ValueType | 'fields';
  readonly fields: Readonly<Record<string, ValueType>>;
  readonly variables: Readonly<Record<string, ValueType | 'fields'>>;
}

export interface Expression {
  readonly type: ValueType;
  readonly offset: number;
  evaluate(scope: Scope): Value;
}

/** Reads the tokens of one action. Types are checked here, so that a template cannot fail later. */
export class ExpressionReader {
  private position = 0;

  constructor(private readonly tokens: readonly Token[], private readonly types: ScopeTypes, private readonly end: number) {}

  get next(): Token | undefined {
    return this.tokens[this.position];
  }

  take(): Token | undefined {
    return this.tokens[this.position++];
  }

  takes(text: string): boolean {
    if (this.next?.text !== text) return false;
    this.position++;
    return true;
  }

  /** Whether variables are declared here. */
  declares(): boolean {
    return this.tokens.some(({ text }) => text === ':=');
  }

  /** All that is left of the action: one operand, or a function and its arguments. */
  whole(): Expression {
    const expression = this.expression();
    this.finish();
    return expression;
  }

  finish(): void {
    if (this.next) throw this.unexpected(this.next);
  }

  error(message: string, offset = this.next?.offset ?? this.end): TemplateError {
    return new TemplateError(message, offset);
  }

  private expression(): Expression {
    const { next } = this;
    return next?.type === 'word' && next.text !== 'true' && next.text !== 'false' ? this.call() : this.operand();
  }

  private call(): Expression {
    const { text: name, offset } = this.take()!;
    if (!Object.hasOwn(FUNCTIONS, name)) throw this.error(`${name} is not known; there are ${Object.keys(FUNCTIONS).join(', ')}, if, else, range and end`, offset);
    const operands: Expression[] = [];
    while (this.next && this.next.text !== ')') operands.push(this.operand());
    const call = FUNCTIONS[name](operands.map(({ type }) => type));
    if (typeof call === 'string') throw this.error(`${name} ${call}`, offset);
    return { type: call.type, offset, evaluate: (scope) => call.apply(operands.map((operand) => operand.evaluate(scope))) };
  }

  private operand(): Expression {
    const { next, position } = this;
    if (!next) throw this.error('an expression is missing');
    if (position > 0 && !next.spaced && this.tokens[position - 1].text !== '(') throw this.unexpected(next);
    const { offset, text } = next;
    this.position++;
    if (text === '(') {
      const inner = this.expression();
      if (!this.takes(')')) throw this.error('the parenthesis ( is not closed', offset);
      return inner;
    }
    switch (next.type) {
      case 'path':
        return this.path(this.types.dot, ({ dot }) => dot, text, offset);
      case 'variable':
        return this.variable(text, offset);
      case 'number':
        return constant('number', Number(text), offset);
      case 'text': {
        const value = goString(text);
        if (value === undefined) throw this.error(`${text} holds an escape that Go does not have`, offset);
        return constant('text', value, offset);
      }
      default:
        if (text === 'true' || text === 'false') return constant('boolean', text === 'true', offset);
        throw this.unexpected(next);
    }
  }

  private variable(text: string, offset: number): Expression {
    const [name] = text.split('.', 1);
    if (!Object.hasOwn(this.types.variables, name)) throw this.error(`the variable ${name} is not defined`, offset);
    return this.path(this.types.variables[name], ({ variables }) => variables[name], text.slice(name.length) || '.', offset);
  }

  /** Fields of the whole, or keys of a map. */
  private path(start: ValueType | 'fields', from: (scope: Scope) => Value, path: string, offset: number): Expression {
    const names = path.split('.').filter((name) => name !== '');
    let type = start;
    for (const name of names) {
      if (type === 'fields' && !Object.hasOwn(this.types.fields, name)) {
        throw this.error(`there is no field .${name}; there are ${Object.keys(this.types.fields).map((field) => `.${field}`).join(', ')}`, offset);
      }
      if (type !== 'fields' && type !== 'map') throw this.error(`a ${type} has no field .${name}`, offset);
      type = type === 'fields' ? this.types.fields[name] : 'text';
    }
    if (type === 'fields') throw this.error('name one field; all together cannot be used', offset);
    return { type, offset, evaluate: (scope) => names.reduce<Value>((value, name) => own(value, name), from(scope)) };
  }

  private unexpected({ text, offset }: Token): TemplateError {
    return this.error(text === '|' ? 'pipelines are not known here; write the function first' : `${text} is not expected here`, offset);
  }
}

function constant(type: ValueType, value: Value, offset: number): Expression {
  return { type, offset, evaluate: () => value };
}

function own(value: Value, name: string): Value {
  return typeof value === 'object' && Object.hasOwn(value, name) ? (value as Readonly<Record<string, string>>)[name] : undefined;
}
