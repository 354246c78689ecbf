import { ProtobufDocument, singleMessage } from './protobuf';
import { ProtobufWriter } from './protobuf-writer';

/** Fields by name, in the order of their numbers. Go writes plain fields even when they are empty, pointers and lists only when not. */
type Message = Readonly<Record<string, Field>>;

interface Field {
  readonly number: number;
  readonly type: 'string' | 'integer' | 'boolean' | Message;
  readonly omitEmpty?: boolean;
  /** A list that is a message of its own, because it may be null. */
  readonly boxed?: boolean;
}

type Members = Readonly<Record<string, unknown>>;

const string = (number: number): Field => ({ number, type: 'string' });
const strings = (number: number): Field => ({ number, type: 'string', omitEmpty: true });
const integer = (number: number): Field => ({ number, type: 'integer' });
const boolean = (number: number): Field => ({ number, type: 'boolean' });
const always = (number: number, type: Message): Field => ({ number, type });
const given = (number: number, type: Message): Field => ({ number, type, omitEmpty: true });
const boxedStrings = (number: number): Field => ({ ...given(number, { items: strings(1) }), boxed: true });

const listMeta: Message = { selfLink: string(1), resourceVersion: string(2), continue: string(3) };
const objectMeta: Message = {
  name: string(1),
  generateName: string(2),
  namespace: string(3),
  selfLink: string(4),
  uid: string(5),
  resourceVersion: string(6),
  generation: integer(7),
  creationTimestamp: always(8, {}),
};

const status: Message = {
  metadata: always(1, listMeta),
  status: string(2),
  message: string(3),
  reason: string(4),
  details: given(5, {
    name: string(1),
    group: string(2),
    kind: string(3),
    causes: given(4, { reason: string(1), message: string(2), field: string(3) }),
    retryAfterSeconds: integer(5),
    uid: string(6),
  }),
  code: integer(6),
};

const groupVersion: Message = { groupVersion: string(1), version: string(2) };
const group: Message = {
  name: string(1),
  versions: given(2, groupVersion),
  preferredVersion: always(3, groupVersion),
  serverAddressByClientCIDRs: given(4, { clientCIDR: string(1), serverAddress: string(2) }),
};

const resourceList: Message = {
  groupVersion: string(1),
  resources: given(2, {
    name: string(1),
    namespaced: boolean(2),
    kind: string(3),
    verbs: boxedStrings(4),
    singularName: string(6),
    group: string(8),
    version: string(9),
    storageVersionHash: string(10),
  }),
};

const responseKind: Message = { group: string(1), version: string(2), kind: string(3) };
const aggregatedDiscovery: Message = {
  metadata: always(1, listMeta),
  items: given(2, {
    metadata: always(1, objectMeta),
    versions: given(2, {
      version: string(1),
      resources: given(2, {
        resource: string(1),
        responseKind: given(2, responseKind),
        scope: string(3),
        singularResource: string(4),
        verbs: strings(5),
        subresources: given(8, { subresource: string(1), responseKind: given(2, responseKind), verbs: strings(4) }),
      }),
      freshness: string(3),
    }),
  }),
};

const messages = {
  Status: status,
  APIGroup: group,
  APIGroupList: { groups: given(1, group) },
  APIResourceList: resourceList,
  APIGroupDiscoveryList: aggregatedDiscovery,
} satisfies Record<string, Message>;

/** What a server says of itself and of failures, in the numbering of meta.k8s.io/v1 and apidiscovery.k8s.io/v2. */
export function metaProtobuf({ kind, apiVersion = '', ...members }: { kind: keyof typeof messages; apiVersion?: string } & Members): ProtobufDocument {
  // Documents are kept, and read more than once.
  const message = { [Symbol.iterator]: () => singleMessage((writer) => writeMembers(writer, messages[kind], members)) };
  return { apiVersion, kind, message };
}

function writeMembers(writer: ProtobufWriter, message: Message, members: Members): void {
  for (const [name, field] of Object.entries(message)) {
    const value = field.boxed && members[name] ? { items: members[name] } : members[name] ?? undefined;
    if (Array.isArray(value)) value.forEach((element) => writeField(writer, field, element));
    else if (value !== undefined || !field.omitEmpty) writeField(writer, field, value);
  }
}

function writeField(writer: ProtobufWriter, { number, type }: Field, value: unknown): void {
  switch (type) {
    case 'string':
      return writer.text(number, (value ?? '') as string);
    case 'integer':
    case 'boolean':
      return writer.integer(number, Number(value ?? 0));
    default: {
      const start = writer.beginMessage(number);
      writeMembers(writer, type, (value ?? {}) as Members);
      writer.endMessage(start);
    }
  }
}
