import { Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, Scalar, visit, YAMLMap } from 'yaml';
import { Mistake } from '../mistake';
import { jsonOf, keyOf, scalarOf, ScalarValue } from './scalars';

/** A values file as it was read. `name` is what messages call it. */
export interface ValuesFile {
  readonly name: string;
  readonly text: string;
}

/** A parsed file: what it says, and where it says it. */
export interface ParsedValues {
  readonly values: Readonly<Record<string, unknown>>;
  /** `file:line` of a path, or of the nearest thing above it; undefined when the file does not speak of it. */
  locate(path: readonly string[]): string | undefined;
}

/** `file:line` of an offset in its text. */
type At = (offset: number) => string;

/** @throws Mistake with file and line when the text is not YAML, or no map */
export function parseValues({ name, text }: ValuesFile): ParsedValues {
  const lines = new LineCounter();
  const at: At = (offset) => `${name}:${lines.linePos(offset).line}`;
  const document = onlyDocument(text, lines, at);
  if (document === undefined || isNull(document, at)) return { values: {}, locate: () => undefined };
  const { contents } = document;
  if (!isMap(contents)) throw new Mistake(`${at(contents!.range![0])}: values are a map, such as replicas: 2`);
  readScalars(document, at);
  try {
    return { values: document.toJS(), locate: (path) => locate(document, path, at) };
  } catch (mistake) {
    // An alias without its anchor, or one that would grow without bound.
    throw new Mistake(`${at(contents.range![0])}: ${(mistake as Error).message.split('\n')[0]}`);
  }
}

/** The document that Helm reads, with every scalar as text. It reads the first alone, without a word of those behind it. */
function onlyDocument(text: string, lines: LineCounter, at: At): Document.Parsed | undefined {
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, version: '1.1', schema: 'failsafe', merge: true, uniqueKeys: false });
  const [first, ...more] = 'empty' in documents ? [] : documents;
  const [error] = first?.errors ?? [];
  if (error) throw new Mistake(`${at(error.pos[0])}: ${error.message.split('\n')[0]}`);
  const second = more.find((one) => one.errors.length > 0 || !isNull(one, at));
  if (second) {
    throw new Mistake(`${at(second.contents?.range[0] ?? second.range[0])}: given a second document behind ---; allowed: one, since Helm reads the first alone; put the other in a file of its own`);
  }
  return first;
}

function isNull({ contents }: Document.Parsed, at: At): boolean {
  return contents === null || (isScalar(contents) && read(contents, at, valueOf) === null);
}

/** Makes of each text what Helm takes it for. */
function readScalars(document: Document.Parsed, at: At): void {
  visit(document, {
    Map: (_, map) => readKeys(map, at),
    Scalar: (place, scalar) => {
      if (place === 'key') return;
      scalar.value = read(scalar, at, (one) => jsonOf(valueOf(one)));
    },
  });
}

function readKeys(map: YAMLMap, at: At): void {
  const known = new Set<string>();
  for (const { key } of map.items) {
    if (isAlias(key) || (isScalar(key) && typeof key.value === 'symbol')) continue;
    if (!isScalar(key)) throw new Mistake(`${at((key as YAMLMap).range![0])}: given a map or a list for a key; allowed: text; put what begins with { or [ in quotes`);
    const name = read(key, at, (scalar) => keyOf(valueOf(scalar)));
    if (known.has(name)) {
      throw new Mistake(`${at(key.range![0])}: given ${name} twice in one map; allowed: each key once; take one away, the first if Helm is to go on as it did`);
    }
    known.add(name);
    key.value = name;
  }
}

/** Text in quotes, or in a block, stays text unless a tag says otherwise. */
function valueOf({ source = '', type, tag }: Scalar): ScalarValue {
  if (tag === undefined && type !== Scalar.PLAIN) return source;
  return scalarOf(source, tag);
}

function read<T>(scalar: Scalar, at: At, reader: (scalar: Scalar) => T): T {
  try {
    return reader(scalar);
  } catch (error) {
    if (error instanceof Mistake) throw new Mistake(`${at(scalar.range![0])}: ${error.message}`);
    throw error;
  }
}

function locate(document: Document, path: readonly string[], at: At): string | undefined {
  let node: any = document.contents;
  let offset: number | undefined;
  for (const name of path) {
    if (isAlias(node)) node = node.resolve(document);
    const child = isSeq(node) ? node.items[Number(name)] : undefined;
    const pair = isMap(node) ? node.items.find(({ key }: any) => String(key?.value ?? key) === name) : undefined;
    node = pair?.value ?? child;
    const found: any = pair?.key ?? child;
    if (!found) break;
    offset = found.range[0];
  }
  return offset === undefined ? undefined : at(offset);
}
