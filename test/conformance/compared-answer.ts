import { parse } from 'yaml';
import { withoutSwap, withSortedContainers } from './named-differences';
import { ProtobufField, protobufFields } from '../runtime/server/encoding/protobuf-fields';

/** In place of a status, when the server has reset the stream, of HTTP/2, without an answer. */
export const RESET = 0;

export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Headers that say when and which answer it is, and how connection and body go on: those are of the moment, and of each server's HTTP. All others count. */
const OF_THE_MOMENT = ['date', 'audit-id', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'];

/**
 * What of an answer counts: without the time at which it was made, the order of containers, which upstream leaves to chance, and
 * swap, which upstream does not have.
 */
export function comparable({ status, headers, body }: ReceivedAnswer): unknown {
  const counting = Object.entries(headers).filter(([name]) => !OF_THE_MOMENT.includes(name)).sort();
  return { status, headers: Object.fromEntries(counting), body: comparableBody(body, String(headers['content-type'])) };
}

function comparableBody(body: Buffer, contentType: string): unknown {
  if (contentType.startsWith('application/vnd.kubernetes.protobuf') && body.length > 0) return protobuf(body);
  const text = body.toString().replace(/(creationTimestamp"?: ?"?)\d{4}-[^Z]*Z/g, '$1(now)');
  if (!contentType.startsWith('application/json')) return contentType === 'application/yaml' ? yaml(text) : text;
  try {
    // Indentation and the newline at the end count too.
    return { indented: text.includes('\n  "'), newline: text.endsWith('\n'), ...keysInOrder(alike(JSON.parse(text))) };
  } catch {
    return text;
  }
}

function alike(value: unknown): unknown {
  return withoutSwap(withSortedContainers(value));
}

/** The order of members is part of the answer. */
function keysInOrder(value: unknown): { json: string } {
  return { json: JSON.stringify(value, null, 1) };
}

/** What it says, and each line of it, wherever it stands. */
function yaml(text: string): unknown {
  return { value: alike(parse(text)), lines: text.split('\n').filter((line) => !/^ *swap: /.test(line)).sort() };
}

/** The envelope, and each message in it as text that can be compared. */
function protobuf(body: Buffer): unknown {
  const envelope = protobufFields(body.subarray(4));
  const [[, type], [, message]] = envelope as [number, Buffer][];
  const [apiVersion, kind] = protobufFields(type).map(([, value]) => value.toString());
  const read: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
    PodMetrics: podMetrics, NodeMetrics: nodeMetrics, PartialObjectMetadata: timeless,
  };
  const item = read[kind.replace(/List$/, '')];
  const content = !item ? message.toString('hex') : kind.endsWith('List')
    ? protobufFields(message).map(([number, value]) => number === 2 ? item(value as Buffer) : [number, String(value)])
    : item(message);
  const rest = envelope.slice(2).map(shown);
  return { magic: body.subarray(0, 4).toString('hex'), apiVersion, kind, content, rest };
}

/** Usage is field 4 of a node, a map. */
function nodeMetrics(message: Buffer): unknown {
  return withoutSwapEntries(protobufFields(message), 4).map(timelessField);
}

/** Containers are field 4 of a pod, usage is field 2 of theirs. */
function podMetrics(message: Buffer): unknown {
  const container = (bytes: Buffer) => [4, JSON.stringify(withoutSwapEntries(protobufFields(bytes), 2).map(shown))] as const;
  return protobufFields(message)
    .map((field) => field[0] === 4 ? container(field[1] as Buffer) : timelessField(field))
    .sort(([a, left], [b, right]) => a - b || (left < right ? -1 : 1));
}

function withoutSwapEntries(fields: readonly ProtobufField[], usage: number): ProtobufField[] {
  return fields.filter(([number, value]) => number !== usage || String(protobufFields(value as Buffer)[0][1]) !== 'swap');
}

/** An object's fields; of its metadata all but creationTimestamp, which is field 8. */
function timeless(message: Buffer): unknown {
  return protobufFields(message).map(timelessField);
}

function timelessField(field: ProtobufField) {
  const [number, value] = field;
  return number === 1 ? [number, protobufFields(value as Buffer).filter(([inner]) => inner !== 8).map(shown)] as const : shown(field);
}

function shown([number, value]: ProtobufField): [number, string] {
  return [number, typeof value === 'number' ? String(value) : value.toString('hex')];
}
