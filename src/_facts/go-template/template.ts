import { Expression, ExpressionReader, Scope, ScopeTypes } from './expression';
import { TemplateError } from './template-error';
import { Part, parts, Token } from './tokens';
import { entries, Fields, isTrue, print, Value } from './value';

export { TemplateError } from './template-error';
export type { Fields } from './value';

/** Writes a piece of the template. */
type Write = (scope: Scope) => string;

/**
 * A template of Go's text/template between `<<` and `>>`, as prometheus-adapter has them. What is known: fields, comments, trimming
 * (`<<- `, ` ->>`), constants, parentheses, `if`, `else if`, `else`, `range` with and without variables, `end`, and the functions
 * `index`, `len`, `eq`, `ne`, `and`, `or`, `not`. Anything else is refused when the template is read.
 */
export class Template {
  private readonly write: Write;

  /** `fields` are all that it may use. @throws TemplateError */
  constructor(readonly text: string, fields: Fields) {
    this.write = new TemplateReader(parts(text), text.length).read({ dot: 'fields', fields, variables: { $: 'fields' } });
  }

  /** @throws RangeError for an index that a list does not have, or a missing key of a map as an argument */
  render(values: Readonly<Record<string, Value>>): string {
    const root = values as Value;
    return this.write({ dot: root, variables: { $: root } });
  }
}

class TemplateReader {
  private position = 0;

  constructor(private readonly all: readonly Part[], private readonly end: number) {}

  read(types: ScopeTypes): Write {
    const { write, ending } = this.block(types);
    if (ending) throw new TemplateError(`${ending.text} without if or range`, ending.offset);
    return write;
  }

  /** Up to `else` or `end` of an outer action, or the end of the template. */
  private block(types: ScopeTypes): { write: Write; ending?: Token; reader?: ExpressionReader } {
    const writes: Write[] = [];
    const write: Write = (scope) => writes.map((one) => one(scope)).join('');
    while (this.position < this.all.length) {
      const part = this.all[this.position++];
      if (part.type === 'text') {
        writes.push(() => part.text);
        continue;
      }
      const reader = new ExpressionReader(part.tokens, types, part.offset);
      const ending = reader.next;
      if (reader.takes('end') || reader.takes('else')) return { write, ending, reader };
      writes.push(this.action(reader, types));
    }
    return { write };
  }

  private action(reader: ExpressionReader, types: ScopeTypes): Write {
    const start = reader.next?.offset ?? this.end;
    if (reader.takes('if')) return this.condition(reader, types, start);
    if (reader.takes('range')) return this.range(reader, types, start);
    const expression = reader.whole();
    return (scope) => print(expression.evaluate(scope));
  }

  private condition(reader: ExpressionReader, types: ScopeTypes, start: number): Write {
    const expression = reader.whole();
    const { write, otherwise } = this.branches(types, types, start, true);
    return (scope) => (isTrue(expression.evaluate(scope)) ? write : otherwise)(scope);
  }

  private range(reader: ExpressionReader, types: ScopeTypes, start: number): Write {
    const names = this.variables(reader);
    const expression: Expression = reader.whole();
    const { type } = expression;
    if (type !== 'list' && type !== 'map') throw new TemplateError(`range takes a list or a map, not a ${type}`, expression.offset);
    const [key, value] = names.length === 2 ? names : [undefined, names[0]];
    const variables = { ...types.variables, ...(key && { [key]: type === 'map' ? 'text' as const : 'number' as const }), ...(value && { [value]: 'text' as const }) };
    const { write, otherwise } = this.branches({ ...types, dot: 'text', variables }, types, start, false);
    return (scope) => {
      const all = entries(expression.evaluate(scope) as readonly string[]);
      if (all.length === 0) return otherwise(scope);
      return all.map(([index, item]) => write({
        dot: item, variables: { ...scope.variables, ...(key && { [key]: index }), ...(value && { [value]: item }) },
      })).join('');
    };
  }

  /** `$key, $value :=` or `$value :=`, if that is what comes. */
  private variables(reader: ExpressionReader): readonly string[] {
    if (reader.next?.type !== 'variable' || !reader.declares()) return [];
    const names: string[] = [];
    do {
      const token = reader.take();
      if (token?.type !== 'variable' || names.length === 2) throw reader.error('range takes one or two variables', token?.offset);
      names.push(token.text);
    } while (reader.takes(','));
    if (!reader.takes(':=')) throw reader.error(':= is missing');
    return names;
  }

  /** What follows `if` or `range`, up to its `end`. */
  private branches(inner: ScopeTypes, outer: ScopeTypes, start: number, mayElseIf: boolean): { write: Write; otherwise: Write } {
    const { write, ending, reader } = this.block(inner);
    if (!ending || !reader) throw new TemplateError('<<end>> is missing', start);
    if (ending.text === 'end') {
      reader.finish();
      return { write, otherwise: () => '' };
    }
    if (mayElseIf && reader.takes('if')) return { write, otherwise: this.condition(reader, outer, ending.offset) };
    reader.finish();
    const rest = this.block(outer);
    if (rest.ending?.text !== 'end') throw new TemplateError(rest.ending ? 'a second else' : '<<end>> is missing', rest.ending?.offset ?? start);
    rest.reader!.finish();
    return { write, otherwise: rest.write };
  }
}
