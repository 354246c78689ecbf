import { ConfigurationError } from './configuration-error';

/** Nothing, a text (numbers, true and false as they are written), a list, or fields. */
export type Content = undefined | string | readonly ConfigurationNode[] | ReadonlyMap<string, ConfigurationNode>;

/** A value of a configuration file, which knows where it stands. */
export class ConfigurationNode {
  constructor(
    readonly file: string,
    readonly line: number,
    /** `rules[0].name.matches` */
    readonly path: string,
    readonly content: Content,
    /** Where the first line of a text stands: below its name for a block. */
    private readonly textLine = line,
  ) {}

  /** Where it stands, for messages: `config.yaml:12: rules[0]`. */
  get place(): string {
    return `${this.file}:${this.line}: ${this.path}`;
  }

  /** What it says, wherever it stands: equal for what says the same in the same order. */
  get said(): string {
    return JSON.stringify(plain(this)) ?? '';
  }

  get isAbsent(): boolean {
    return this.content === undefined;
  }

  /** `problem` follows the path, `offset` is where in the text. */
  error(problem: string, offset = 0): ConfigurationError {
    const line = this.textLine + (typeof this.content === 'string' ? this.content.slice(0, offset).split('\n').length - 1 : 0);
    return new ConfigurationError(this.file, line, this.path === '' ? problem : `${this.path} ${problem}`);
  }

  /** Absent and null are no text, which is the empty one. */
  text(): string {
    if (this.content === undefined) return '';
    if (typeof this.content !== 'string') throw this.error(`is ${this.kind}; give a text`);
    return this.content;
  }

  boolean(): boolean | undefined {
    const text = this.text();
    if (text === '') return undefined;
    if (/^(?:y|yes|true|on)$/i.test(text)) return true;
    if (/^(?:n|no|false|off)$/i.test(text)) return false;
    throw this.error(`is ${JSON.stringify(text)}; give true or false`);
  }

  number(): number | undefined {
    if (this.isAbsent) return undefined;
    const value = this.text().trim() === '' ? NaN : Number(this.text());
    if (!Number.isFinite(value)) throw this.error(`is ${JSON.stringify(this.text())}; give a number`);
    return value;
  }

  list(): readonly ConfigurationNode[] {
    if (this.content === undefined) return [];
    if (!Array.isArray(this.content)) throw this.error(`is ${this.kind}; give a list`);
    return this.content as readonly ConfigurationNode[];
  }

  /** Whatever names the file gives. */
  entries(): ReadonlyMap<string, ConfigurationNode> {
    if (this.content === undefined) return new Map();
    if (!(this.content instanceof Map)) throw this.error(`is ${this.kind}; give fields`);
    return this.content;
  }

  /** The named fields, absent ones too, and no others. */
  fields<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, ConfigurationNode>> {
    const entries = this.entries();
    for (const [name, node] of entries) {
      if (!(names as readonly string[]).includes(name)) throw node.error(`is not known; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`);
    }
    return Object.fromEntries(names.map((name) => [name, entries.get(name) ?? this.absent(name)])) as Record<Name, ConfigurationNode>;
  }

  private absent(name: string): ConfigurationNode {
    return new ConfigurationNode(this.file, this.line, this.path === '' ? name : `${this.path}.${name}`, undefined);
  }

  private get kind(): string {
    if (Array.isArray(this.content)) return 'a list';
    return typeof this.content === 'string' ? `the text ${JSON.stringify(this.content)}` : 'a set of fields';
  }
}

function plain({ content }: ConfigurationNode): unknown {
  if (content instanceof Map) return Array.from(content, ([name, node]) => [name, plain(node)]);
  return Array.isArray(content) ? content.map(plain) : content;
}
