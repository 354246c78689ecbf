import { Document, isAlias, isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import { Mistake } from '../mistake';

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

/** @throws Mistake with file and line when the text is not YAML, or no map */
export function parseValues({ name, text }: ValuesFile): ParsedValues {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.1', merge: true });
  const at = (offset: number) => `${name}:${lines.linePos(offset).line}`;
  const [error] = document.errors;
  if (error) throw new Mistake(`${at(error.pos[0])}: ${error.message.split('\n')[0]}`);
  const { contents } = document;
  if (contents === null) return { values: {}, locate: () => undefined };
  if (!isMap(contents)) throw new Mistake(`${at(contents.range![0])}: values are a map, such as replicas: 2`);
  try {
    return { values: document.toJS(), locate: (path) => locate(document, path, at) };
  } catch (mistake) {
    // An alias without its anchor, or one that would grow without bound.
    throw new Mistake(`${at(contents.range![0])}: ${(mistake as Error).message.split('\n')[0]}`);
  }
}

function locate(document: Document, path: readonly string[], at: (offset: number) => string): string | undefined {
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
