import { Document, inBatches } from './document';

/** As sigs.k8s.io/yaml prints: keys sorted, sequences not indented, YAML 1.1's ambiguous words quoted. */
const OPTIONS = { version: '1.1', sortMapEntries: true, indentSeq: false, lineWidth: 0 } as const;

/** The encoder is loaded when somebody first asks for YAML. */
export async function yamlEncoder(): Promise<(document: Document) => Generator<string>> {
  const { stringify } = await import('yaml');
  return function* encodeYaml({ head, array }) {
    const members: Record<string, unknown> = JSON.parse(head);
    if (!array) return yield stringify(members, OPTIONS).split('\n').map((line) => folded(inSingleQuotes(line))).join('\n');
    const part = (wanted: (member: string) => boolean) => {
      const entries = Object.entries(members).filter(([member]) => wanted(member));
      return entries.length > 0 ? stringify(Object.fromEntries(entries), OPTIONS) : '';
    };
    yield `${part((member) => member < array.member)}${array.member}:`;
    let any = false;
    for (const batch of inBatches(inYaml(array.elements, (element) => stringify([JSON.parse(element)], OPTIONS)), '')) {
      yield any ? batch : `\n${batch}`;
      any = true;
    }
    yield `${any ? '' : ' []\n'}${part((member) => member > array.member)}`;
  };
}

function* inYaml(elements: Iterable<string>, print: (element: string) => string): Generator<string> {
  for (const element of elements) yield print(element);
}

/** Go quotes once, and doubles quotes within, what its signs and not its type would be taken for something else. */
function inSingleQuotes(line: string): string {
  const [, key, quoted] = /^( *(?:- )?[^ ]+): ("(?:[^"\\]|\\["\\])*")$/.exec(line) ?? [];
  const text = quoted === undefined ? '' : JSON.parse(quoted) as string;
  return /'|: | #|^ | $/.test(text) ? `${key}: '${text.replaceAll('\'', '\'\'')}'` : line;
}

/** Go breaks a line at the first single space beyond column 80; the encoder breaks before it. */
const FOLD_COLUMN = 80;

function folded(line: string): string {
  const [, indent] = /^( *)[^ ]+: [^|>]/.exec(line) ?? [];
  if (indent === undefined) return line;
  const margin = `${indent}  `;
  const parts: string[] = [];
  const width = Math.max(0, FOLD_COLUMN + 1 - margin.length);
  let begin = 0;
  for (let at = indexOfSingleSpace(line, FOLD_COLUMN + 1); at >= 0; at = indexOfSingleSpace(line, begin + width)) {
    parts.push(line.slice(begin, at));
    begin = at + 1;
  }
  return [...parts, line.slice(begin)].join(`\n${margin}`);
}

function indexOfSingleSpace(line: string, from: number): number {
  for (let at = line.indexOf(' ', from); at >= 0; at = line.indexOf(' ', at + 1)) {
    if (line[at - 1] !== ' ' && at + 1 < line.length && line[at + 1] !== ' ') return at;
  }
  return -1;
}
