import type { Alias, LineCounter, Node, Pair, ParsedNode } from 'yaml';
import { ConfigurationError } from './configuration-error';
import { ConfigurationNode } from './configuration-node';

type Yaml = typeof import('yaml');

/** @throws ConfigurationError */
export async function readDocument(file: string, text: string): Promise<ConfigurationNode> {
  return documentOf(await import('yaml'), file, text);
}

/** The file as nodes that know where they stand. YAML is that of version 1.1, as programs written in Go read it. @throws ConfigurationError */
export function documentOf(yaml: Yaml, file: string, text: string): ConfigurationNode {
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, version: '1.1', stringKeys: true, merge: true, prettyErrors: false });
  const [mistake] = document.errors;
  if (mistake) throw new ConfigurationError(file, lines.linePos(mistake.pos[0]).line, `is no YAML: ${mistake.message}`);
  return new Converter(yaml, file, lines, (alias) => alias.resolve(document)).convert(document.contents, '', 1);
}

class Converter {
  private readonly open = new Set<unknown>();

  constructor(
    private readonly yaml: Yaml,
    private readonly file: string,
    private readonly lines: LineCounter,
    private readonly resolve: (alias: Alias) => Node | undefined,
  ) {}

  convert(node: unknown, path: string, above: number): ConfigurationNode {
    const { range } = (node ?? {}) as Partial<ParsedNode>;
    const line = range ? this.lines.linePos(range[0]).line : above;
    if (this.yaml.isAlias(node)) return this.target(node, path, line);
    if (this.yaml.isMap(node)) return new ConfigurationNode(this.file, line, path, this.fields(node.items, path, line));
    if (this.yaml.isSeq(node)) {
      return new ConfigurationNode(this.file, line, path, node.items.map((item, index) => this.convert(item, `${path}[${index}]`, line)));
    }
    if (!this.yaml.isScalar(node) || node.value === null) return new ConfigurationNode(this.file, line, path, undefined);
    const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    const content = typeof node.value === 'string' ? node.value : node.source ?? String(node.value);
    return new ConfigurationNode(this.file, line, path, content, isBlock ? line + 1 : line);
  }

  private fields(pairs: readonly Pair[], path: string, line: number): ReadonlyMap<string, ConfigurationNode> {
    const fields = new Map<string, ConfigurationNode>();
    for (const { key, value } of pairs) {
      const name = this.yaml.isScalar(key) ? key.source ?? String(key.value) : String(key);
      const at = this.convert(key, '', line).line;
      if (name === '<<') {
        for (const merged of this.merged(value, path, at)) {
          for (const [field, node] of merged) if (!fields.has(field)) fields.set(field, node);
        }
      } else {
        fields.set(name, this.convert(value, path === '' ? name : `${path}.${name}`, at));
      }
    }
    return fields;
  }

  /** The maps that `<<: *one` or `<<: [*one, *two]` puts in. */
  private merged(value: unknown, path: string, line: number): readonly ReadonlyMap<string, ConfigurationNode>[] {
    const node = this.convert(value, path, line);
    const all = Array.isArray(node.content) ? node.content as readonly ConfigurationNode[] : [node];
    return all.map(({ content }) => {
      if (!(content instanceof Map)) throw new ConfigurationError(this.file, line, `${path}: << merges a map, or a list of maps`);
      return content;
    });
  }

  private target(alias: Alias, path: string, line: number): ConfigurationNode {
    const node = this.resolve(alias);
    if (this.open.has(node)) throw new ConfigurationError(this.file, line, `${path}: *${alias.source} contains itself`);
    this.open.add(node);
    const converted = this.convert(node, path, line);
    this.open.delete(node);
    return converted;
  }
}
