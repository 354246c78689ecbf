/*
 * What ../api/metrics/pod-list-cursor.ts writes of a pod in JSON, for those that are as pods usually are. Whatever is otherwise is JavaScript's,
 * and so is a row for which there is no room: then writing ends before it.
 */
import { find } from './bytes';
import { writeDuration } from './duration';
import {
  CONTAINER_CPU, CONTAINER_KEY, CONTAINER_KEY_END, CONTAINER_MEMORY, CONTAINER_SWAP, MAX_POD_CONTAINERS, MAX_PODS, POD_CONTAINERS_END,
  POD_CREATED, POD_LABELS, POD_LABELS_END, POD_TEXT, POD_TEXT_BYTES, POD_TIMESTAMP, POD_WINDOW,
} from './pod-columns';
import { writeCpuQuantity, writeMemoryQuantity } from './quantity';
import { NOWHERE, text, writeText } from './text';
import { TIMESTAMP_BYTES, writeTimestamp } from './timestamp';

const COMMA: u8 = 0x2c;
const QUOTE: u8 = 0x22;

/** Each row after a comma. */
const NAME = text(',{"metadata":{"name":"');
const NAMESPACE = text('","namespace":"');
const CREATED = text('","creationTimestamp":"');
const LABELS = text('","labels":');
const TIMESTAMP = text('},"timestamp":"');
const TIMESTAMP_WITHOUT_LABELS = text('"},"timestamp":"');
const WINDOW = text('","window":"');
const CONTAINERS = text('","containers":[');
const END = text(']}');
const CONTAINER = text('{"name":"');
const USAGE = text('","usage":{');
const CPU = text('"cpu":"');
const MEMORY = text('"memory":"');
const MEMORY_AFTER_CPU = text('","memory":"');
const SWAP = text('","swap":"');
const END_OF_USAGE = text('"}}');
const END_WITHOUT_USAGE = text('}}');

/** From a name in a key to the next: see ../scrape/container-key.ts. */
const NAMESPACE_LABEL_BYTES: usize = 13;
const POD_LABEL_BYTES: usize = 7;

/** More than anything takes that is written of a pod beside its labels and names, and of a container beside its name. */
const POD_ROOM: usize = 256;
const CONTAINER_ROOM: usize = 192;

export const POD_ROWS_BYTES: i32 = 128 * 1024;
export const POD_ROWS = memory.data(POD_ROWS_BYTES, 16);
const ROWS_END = POD_ROWS + POD_ROWS_BYTES;

/** Of the rows written last. */
export let podRowsBytes: i32 = 0;

/** Writes rows from the pod `first` on, of as many as `pods` are there. Returns the one that is not written, `pods` after the last. */
export function writePodRows(first: i32, pods: i32): i32 {
  podRowsBytes = 0;
  if (first < 0 || pods > MAX_PODS) return first;
  let at = POD_ROWS;
  let pod = first;
  for (; pod < pods; pod++) {
    const end = writeRow(at, pod);
    if (end == NOWHERE) break;
    at = end;
  }
  podRowsBytes = <i32>(at - POD_ROWS);
  return pod;
}

function writeRow(at: usize, pod: i32): usize {
  const word = <usize>pod << 2;
  const first: u32 = pod == 0 ? 0 : load<u32>(POD_CONTAINERS_END + word - 4);
  const end = load<u32>(POD_CONTAINERS_END + word);
  if (first >= end || end > <u32>MAX_POD_CONTAINERS) return NOWHERE;
  at = writeMetadata(at, word, first);
  if (at == NOWHERE) return NOWHERE;
  at = writeTimestamp(at, load<f64>(POD_TIMESTAMP + (word << 1)));
  if (at == NOWHERE) return NOWHERE;
  at = writeDuration(writeText(at, WINDOW), load<f64>(POD_WINDOW + (word << 1)));
  if (at == NOWHERE) return NOWHERE;
  at = writeText(at, CONTAINERS);
  for (let container = first; container < end; container++) {
    if (container > first) store<u8>(at++, COMMA);
    at = writeContainer(at, <usize>container << 2);
    if (at == NOWHERE) return NOWHERE;
  }
  return writeText(at, END);
}

/** Up to where the timestamp comes; what follows has room up to the first container. */
@inline
function writeMetadata(at: usize, word: usize, container: u32): usize {
  const key = POD_TEXT + load<u32>(CONTAINER_KEY + (<usize>container << 2));
  const keyEnd = POD_TEXT + load<u32>(CONTAINER_KEY_END + (<usize>container << 2));
  const labels = POD_TEXT + load<u32>(POD_LABELS + word);
  const labelsEnd = POD_TEXT + load<u32>(POD_LABELS_END + word);
  if (!isText(key, keyEnd) || !isText(labels, labelsEnd) || !hasRoom(at, keyEnd - key + labelsEnd - labels + POD_ROOM)) return NOWHERE;
  const namespace = find(QUOTE, key, keyEnd) + NAMESPACE_LABEL_BYTES;
  const name = find(QUOTE, namespace, keyEnd) + POD_LABEL_BYTES;
  at = writeName(writeText(at, NAME), name, keyEnd);
  if (at == NOWHERE) return NOWHERE;
  at = writeName(writeText(at, NAMESPACE), namespace, keyEnd);
  if (at == NOWHERE) return NOWHERE;
  at = writeText(at, CREATED);
  v128.store(at, v128.load(POD_CREATED));
  v128.store(at + 16, v128.load(POD_CREATED + 16));
  at += TIMESTAMP_BYTES;
  if (labels == labelsEnd) return writeText(at, TIMESTAMP_WITHOUT_LABELS);
  return writeText(copy(writeText(at, LABELS), labels, labelsEnd), TIMESTAMP);
}

@inline
function writeContainer(at: usize, word: usize): usize {
  const key = POD_TEXT + load<u32>(CONTAINER_KEY + word);
  const keyEnd = POD_TEXT + load<u32>(CONTAINER_KEY_END + word);
  if (!isText(key, keyEnd) || !hasRoom(at, keyEnd - key + CONTAINER_ROOM)) return NOWHERE;
  at = writeName(writeText(at, CONTAINER), key, keyEnd);
  if (at == NOWHERE) return NOWHERE;
  const cpu = load<f64>(CONTAINER_CPU + (word << 1));
  const bytes = load<f64>(CONTAINER_MEMORY + (word << 1));
  const swapBytes = load<f64>(CONTAINER_SWAP + (word << 1));
  at = writeText(at, USAGE);
  if (!(cpu >= 0) && !(bytes >= 0)) return writeText(at, END_WITHOUT_USAGE);
  if (cpu >= 0) {
    at = writeCpuQuantity(writeText(at, CPU), cpu);
    if (at == NOWHERE) return NOWHERE;
  }
  if (bytes >= 0) {
    at = writeMemoryQuantity(writeText(at, cpu >= 0 ? MEMORY_AFTER_CPU : MEMORY), bytes);
    if (at == NOWHERE) return NOWHERE;
  }
  if (swapBytes >= 0) {
    at = writeMemoryQuantity(writeText(at, SWAP), swapBytes);
    if (at == NOWHERE) return NOWHERE;
  }
  return writeText(at, END_OF_USAGE);
}

/** Whatever stands in the columns, nothing beside the text is read. */
@inline
function isText(start: usize, end: usize): bool {
  return start >= POD_TEXT && start <= end && end <= POD_TEXT + POD_TEXT_BYTES;
}

/** Nor is anything written beside the rows. */
@inline
function hasRoom(at: usize, bytes: usize): bool {
  return at + bytes <= ROWS_END;
}

/** The name that stands at `from`, up to its quote. NOWHERE when there is none before `end`, and when JSON that is safe in HTML escapes something of it. */
@inline
function writeName(at: usize, from: usize, end: usize): usize {
  for (; from < end; from += 16, at += 16) {
    const bytes = v128.load(from);
    v128.store(at, bytes);
    const quote = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(QUOTE)));
    const escaped = escapedBytes(bytes);
    if (quote != 0) {
      const length = <usize>ctz(quote);
      return from + length < end && (escaped & ((1 << <i32>length) - 1)) == 0 ? at + length : NOWHERE;
    }
    if (escaped != 0) return NOWHERE;
  }
  return NOWHERE;
}

/** A bit for each of sixteen that is `\`, `<`, `>`, `&`, a control character or not ASCII. */
@inline
function escapedBytes(bytes: v128): i32 {
  const angle = i8x16.eq(v128.or(bytes, i8x16.splat(2)), i8x16.splat(0x3e));
  const other = v128.or(i8x16.eq(bytes, i8x16.splat(0x5c)), i8x16.eq(bytes, i8x16.splat(0x26)));
  return i8x16.bitmask(v128.or(v128.or(angle, other), i8x16.lt_s(bytes, i8x16.splat(0x20))));
}

@inline
function copy(at: usize, from: usize, end: usize): usize {
  const length = end - from;
  for (let i: usize = 0; i < length; i += 16) v128.store(at + i, v128.load(from + i));
  return at + length;
}
