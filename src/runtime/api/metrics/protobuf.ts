import { writeCpuQuantity, writeMemoryQuantity } from './quantity';
import { LabelSet, ObjectMetadata } from '../../cluster/object-metadata';
import { ByteWriter, Fragment } from '../../server/encoding/byte-writer';
import { ProtobufWriter } from '../../server/encoding/protobuf-writer';
import { Usage } from '../../store/usage';
import { writeLabels } from '../label-selector';
import { writeTime } from '../timestamp';

/** Fields of ObjectMeta with these numbers are text, and empty here: generateName, namespace, selfLink, uid, resourceVersion. */
const NAMESPACE = 3;
const AFTER_NAMESPACE = [4, 5, 6];

/** Many objects share their labels, above all those that follow each other. */
const encodedLabels = new WeakMap<LabelSet, Fragment>();
let last: { readonly labels: LabelSet; readonly fields: Fragment } | undefined;

export function writeObjectMeta(writer: ProtobufWriter, { name, namespace, labels }: ObjectMetadata, createdMs: number): void {
  writer.text(1, name);
  writer.text(2, '');
  writer.text(NAMESPACE, namespace);
  writer.fragment(afterNamespace(createdMs));
  if (labels.json !== undefined) writer.fragment(labelFields(labels));
}

/** Lists are of one moment. */
let created: { readonly ms: number; readonly fields: Fragment } | undefined;

function afterNamespace(createdMs: number): Fragment {
  if (created?.ms === createdMs) return created.fields;
  const writer = new ProtobufWriter();
  for (const field of AFTER_NAMESPACE) writer.text(field, '');
  writer.integer(7, 0);
  writeTime(writer, 8, createdMs);
  const fields = new Fragment(Uint8Array.from(writer.written()));
  created = { ms: createdMs, fields };
  return fields;
}

/** meta.k8s.io/v1 Duration. */
export function writeDuration(writer: ProtobufWriter, field: number, nanoseconds: number): void {
  const duration = writer.beginMessage(field);
  writer.integer(1, nanoseconds);
  writer.endMessage(duration);
}

/** A ResourceList: a map of quantities, sorted by name; what is unknown is left out. */
export function writeUsage(writer: ProtobufWriter, field: number, { cpuNanocores = NaN, memoryBytes = NaN, swapBytes = NaN }: Usage): void {
  writeFigures(writer, field, cpuNanocores, memoryBytes, swapBytes);
}

/** The same of figures that are NaN where they are unknown. */
export function writeFigures(writer: ProtobufWriter, field: number, cpuNanocores: number, memoryBytes: number, swapBytes: number): void {
  if (cpuNanocores >= 0) writeQuantity(writer, field, 'cpu', cpuNanocores, writeCpuQuantity);
  if (memoryBytes >= 0) writeQuantity(writer, field, 'memory', memoryBytes, writeMemoryQuantity);
  if (swapBytes >= 0) writeQuantity(writer, field, 'swap', swapBytes, writeMemoryQuantity);
}

/** @param write writes the quantity */
function writeQuantity(
  writer: ProtobufWriter, field: number, resource: string, value: number, write: (writer: ByteWriter, value: number) => void,
): void {
  const entry = writer.beginMessage(field);
  writer.text(1, resource);
  const message = writer.beginMessage(2);
  const quantity = writer.beginMessage(1);
  write(writer, value);
  writer.endMessage(quantity);
  writer.endMessage(message);
  writer.endMessage(entry);
}

function labelFields(labels: LabelSet): Fragment {
  if (last?.labels === labels) return last.fields;
  const fields = encodedLabels.get(labels) ?? encodeLabels(labels);
  last = { labels, fields };
  return fields;
}

function encodeLabels(labels: LabelSet): Fragment {
  const writer = new ProtobufWriter();
  writeLabels(writer, 11, labels.values);
  const fields = new Fragment(Uint8Array.from(writer.written()));
  encodedLabels.set(labels, fields);
  return fields;
}
