import { Document, inBatches } from './document';
import { jsonPieces } from './pieces';
import { SharedPieces } from './shared-pieces';

/** Compact, ended by a newline. A piece is valid until the next is asked for. */
export function* encodeJson({ head, array }: Document, shared = new SharedPieces()): Generator<string | Uint8Array> {
  if (array) {
    yield `${head.slice(0, -1)},"${array.member}":[`;
    if (array.inBytes) yield* jsonPieces(array.inBytes, shared);
    else yield* inBatches(array.elements, ',');
    yield ']}\n';
  } else {
    yield `${head}\n`;
  }
}

/** Indented by two spaces, for people. */
export function* encodePrettyJson({ head, array }: Document): Generator<string> {
  const start = indent(head, 0);
  if (array) {
    yield `${start.slice(0, -2)},\n  "${array.member}": [`;
    let any = false;
    for (const batch of inBatches(indented(array.elements), ',')) {
      any = true;
      yield batch;
    }
    yield any ? '\n  ]\n}' : ']\n}';
  } else {
    yield start;
  }
}

function* indented(elements: Iterable<string>): Generator<string> {
  for (const element of elements) yield `\n    ${indent(element, 4)}`;
}

function indent(json: string, spaces: number): string {
  return JSON.stringify(JSON.parse(json), null, 2).replaceAll('\n', `\n${' '.repeat(spaces)}`);
}
