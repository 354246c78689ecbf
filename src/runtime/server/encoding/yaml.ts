import { Document, inBatches } from './document';

/** As sigs.k8s.io/yaml prints: keys sorted, sequences not indented, YAML 1.1's ambiguous words quoted. */
const OPTIONS = { version: '1.1', sortMapEntries: true, indentSeq: false, lineWidth: 0 } as const;

/** The encoder is loaded when somebody first asks for YAML. */
export async function yamlEncoder(): Promise<(document: Document) => Generator<string>> {
  const { stringify } = await import('yaml');
  return function* encodeYaml({ head, array }) {
    const members: Record<string, unknown> = JSON.parse(head);
    if (!array) return yield stringify(members, OPTIONS);
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
