import { TextCursor } from './text-cursor';

/** One step from a value to others. */
export type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'filter'; readonly steps: readonly Step[]; readonly equal: boolean; readonly literal: string | number | boolean };

export class JsonPathSyntaxError extends Error {
  readonly name = 'JsonPathSyntaxError';

  /** `offset` is where in the text. */
  constructor(message: string, readonly offset: number) {
    super(message);
  }
}

/** Names may have a dot behind a backslash, as in `{.metadata.annotations.example\.com/depth}`. */
const NAME = /(?:\\.|[^\s.[\](){}\\'"?@$*=!<>,:])+/y;
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y;
const INDEX = /-?\d{1,9}/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false/y;
const SPACE = /\s*/y;
/** The document itself: `{.}`, `{$}`. */
const WHOLE = /[.$@](?=\s*\}?\s*$)/y;

/**
 * Reads one expression of kubectl's: `{.a.b}`, `.a.b` as in `additionalPrinterColumns`, `$.a`; fields, `['a.b']`, `[0]`, `[-1]`, `[*]`, `.*`,
 * and `[?(@.type=="Ready")]` with `==` and `!=`; `{.}` is the whole.
 *
 * @throws JsonPathSyntaxError for everything else
 */
export function parseJsonPath(text: string): readonly Step[] {
  return new Parser(text).path();
}

class Parser {
  private readonly cursor: TextCursor;

  constructor(text: string) {
    this.cursor = new TextCursor(text);
  }

  path(): readonly Step[] {
    this.cursor.take(SPACE);
    const braced = this.cursor.skip('{');
    this.cursor.take(SPACE);
    const whole = this.cursor.take(WHOLE) !== undefined;
    if (!whole) this.cursor.skip('$');
    const steps = whole ? [] : this.steps();
    if (!whole && steps.length === 0) throw this.unexpected('a path, such as {.status.replicas}');
    this.cursor.take(SPACE);
    if (braced && !this.cursor.skip('}')) throw this.unexpected('. or [ or }');
    this.cursor.take(SPACE);
    if (!this.cursor.isAtEnd) throw this.unexpected(braced ? 'nothing behind }: there is one expression' : '. or [');
    return steps;
  }

  private steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.cursor.skip('.')) steps.push(this.field());
      else if (this.cursor.skip('[')) steps.push(this.subscript());
      else return steps;
    }
  }

  private field(): Step {
    if (this.cursor.skip('*')) return { kind: 'all' };
    const name = this.cursor.take(NAME);
    if (name === undefined) throw this.unexpected('the name of a field');
    return { kind: 'field', name: unescaped(name) };
  }

  private subscript(): Step {
    const step = this.subscripted();
    if (!this.cursor.skip(']')) throw this.unexpected(']: there are no slices nor unions');
    return step;
  }

  private subscripted(): Step {
    if (this.cursor.skip('*')) return { kind: 'all' };
    if (this.cursor.skip('?(')) return this.filter();
    const name = this.cursor.take(QUOTED);
    if (name !== undefined) return { kind: 'field', name: unescaped(name.slice(1, -1)) };
    const index = this.cursor.take(INDEX);
    if (index === undefined) throw this.unexpected('a number, *, a name in quotes, or ?(@.field=="value")');
    return { kind: 'index', index: Number(index) };
  }

  private filter(): Step {
    this.cursor.take(SPACE);
    if (!this.cursor.skip('@')) throw this.unexpected('@, the element that is judged');
    const steps = this.steps();
    this.cursor.take(SPACE);
    const equal = this.cursor.skip('==');
    if (!equal && !this.cursor.skip('!=')) throw this.unexpected('== or !=');
    this.cursor.take(SPACE);
    const literal = this.literal();
    this.cursor.take(SPACE);
    if (!this.cursor.skip(')')) throw this.unexpected(')');
    return { kind: 'filter', steps, equal, literal };
  }

  private literal(): string | number | boolean {
    const quoted = this.cursor.take(QUOTED);
    if (quoted !== undefined) return unescaped(quoted.slice(1, -1));
    const number = this.cursor.take(NUMBER);
    if (number !== undefined) return Number(number);
    const word = this.cursor.take(WORD);
    if (word === undefined) throw this.unexpected('a text in quotes, a number, true or false');
    return word === 'true';
  }

  private unexpected(wanted: string): JsonPathSyntaxError {
    return new JsonPathSyntaxError(`there is ${this.cursor.found}, where a path has ${wanted}`, this.cursor.at);
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}
