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
  private at = 0;

  constructor(private readonly text: string) {}

  path(): readonly Step[] {
    this.take(SPACE);
    const braced = this.skip('{');
    this.take(SPACE);
    const whole = this.take(WHOLE) !== undefined;
    if (!whole) this.skip('$');
    const steps = whole ? [] : this.steps();
    if (!whole && steps.length === 0) throw this.unexpected('a path, such as {.status.replicas}');
    this.take(SPACE);
    if (braced && !this.skip('}')) throw this.unexpected('. or [ or }');
    this.take(SPACE);
    if (this.at < this.text.length) throw this.unexpected(braced ? 'nothing behind }: there is one expression' : '. or [');
    return steps;
  }

  private steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.skip('.')) steps.push(this.field());
      else if (this.skip('[')) steps.push(this.subscript());
      else return steps;
    }
  }

  private field(): Step {
    if (this.skip('*')) return { kind: 'all' };
    const name = this.take(NAME);
    if (name === undefined) throw this.unexpected('the name of a field');
    return { kind: 'field', name: unescaped(name) };
  }

  private subscript(): Step {
    const step = this.subscripted();
    if (!this.skip(']')) throw this.unexpected(']: there are no slices nor unions');
    return step;
  }

  private subscripted(): Step {
    if (this.skip('*')) return { kind: 'all' };
    if (this.skip('?(')) return this.filter();
    const name = this.take(QUOTED);
    if (name !== undefined) return { kind: 'field', name: unescaped(name.slice(1, -1)) };
    const index = this.take(INDEX);
    if (index === undefined) throw this.unexpected('a number, *, a name in quotes, or ?(@.field=="value")');
    return { kind: 'index', index: Number(index) };
  }

  private filter(): Step {
    this.take(SPACE);
    if (!this.skip('@')) throw this.unexpected('@, the element that is judged');
    const steps = this.steps();
    this.take(SPACE);
    const equal = this.skip('==');
    if (!equal && !this.skip('!=')) throw this.unexpected('== or !=');
    this.take(SPACE);
    const literal = this.literal();
    this.take(SPACE);
    if (!this.skip(')')) throw this.unexpected(')');
    return { kind: 'filter', steps, equal, literal };
  }

  private literal(): string | number | boolean {
    const quoted = this.take(QUOTED);
    if (quoted !== undefined) return unescaped(quoted.slice(1, -1));
    const number = this.take(NUMBER);
    if (number !== undefined) return Number(number);
    const word = this.take(WORD);
    if (word === undefined) throw this.unexpected('a text in quotes, a number, true or false');
    return word === 'true';
  }

  private skip(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    this.at += found?.length ?? 0;
    return found;
  }

  private unexpected(wanted: string): JsonPathSyntaxError {
    const found = this.at < this.text.length ? JSON.stringify(this.text[this.at]) : 'the end';
    return new JsonPathSyntaxError(`there is ${found}, where a path has ${wanted}`, this.at);
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}
