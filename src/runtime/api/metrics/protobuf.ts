import { cpuQuantity, memoryQuantity } from './quantity';
import { LabelSet, ObjectMetadata } from '../../cluster/object-metadata';
import { ProtobufWriter } from '../../server/encoding/protobuf-writer';
import { Usage } from '../../store/usage';
import { writeLabels } from '../label-selector';
import { writeTime } from '../timestamp';

/** Fields of ObjectMeta with these numbers are text, and empty here: generateName, namespace, selfLink, uid, resourceVersion. */
const NAMESPACE = 3;
const AFTER_NAMESPACE = [4, 5, 6];

/** Many objects share their labels. */
const encodedLabels = new WeakMap<LabelSet, Uint8Array>();

export function writeObjectMeta(writer: ProtobufWriter, { name, namespace, labels }: ObjectMetadata, createdMs: number): void {
  writer.text(1, name);
  writer.text(2, '');
  writer.text(NAMESPACE, namespace);
  for (const field of AFTER_NAMESPACE) writer.text(field, '');
  writer.integer(7, 0);
  writeTime(writer, 8, createdMs);
  if (labels.json !== undefined) writer.raw(labelFields(labels));
}

/** meta.k8s.io/v1 Duration. */
export function writeDuration(writer: ProtobufWriter, field: number, nanoseconds: number): void {
  const duration = writer.beginMessage(field);
  writer.integer(1, nanoseconds);
  writer.endMessage(duration);
}

/** A ResourceList: a map of quantities, sorted by name; what is unknown is left out. */
export function writeUsage(writer: ProtobufWriter, field: number, { cpuNanocores, memoryBytes, swapBytes }: Usage): void {
  if (cpuNanocores !== undefined) writeQuantity(writer, field, 'cpu', cpuQuantity(cpuNanocores));
  if (memoryBytes !== undefined) writeQuantity(writer, field, 'memory', memoryQuantity(memoryBytes));
  if (swapBytes !== undefined) writeQuantity(writer, field, 'swap', memoryQuantity(swapBytes));
}

function writeQuantity(writer: ProtobufWriter, field: number, resource: string, quantity: string): void {
  const entry = writer.beginMessage(field);
  writer.text(1, resource);
  const value = writer.beginMessage(2);
  writer.text(1, quantity);
  writer.endMessage(value);
  writer.endMessage(entry);
}

function labelFields(labels: LabelSet): Uint8Array {
  const known = encodedLabels.get(labels);
  if (known) return known;
  const writer = new ProtobufWriter();
  writeLabels(writer, 11, labels.values);
  const fields = Uint8Array.from(writer.take());
  encodedLabels.set(labels, fields);
  return fields;
}
