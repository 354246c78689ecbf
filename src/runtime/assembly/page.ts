/*
 * What ../scrape/page-decoder.ts does, for pages as kubelets write them. At whatever is written otherwise, be it allowed or a mistake,
 * this gives up, and the page is JavaScript's from its beginning: what is rare and what is an error stand in one place, and that is there.
 */
import { equal, find, findLast, plainEnd } from './bytes';
import { numberEnd, readDecimal, readInteger } from './decimal';
import { clearRows, CPU, isRow, keyLength, MEMORY, rowOf, rows, START, SWAP, TIMESTAMP } from './rows';
import { lengthOf, NOWHERE, standsAt, text } from './text';

const LINE_FEED: u8 = 0x0a;
const TAB: u8 = 0x09;
const SPACE: u8 = 0x20;
const QUOTE: u8 = 0x22;
const HASH: u8 = 0x23;
const COLON: u8 = 0x3a;
const OPEN: u8 = 0x7b;
const CLOSE: u8 = 0x7d;

const EARLIEST_TIMESTAMP_MS: f64 = 946684800000;
const MAX_TIMESTAMP_AHEAD_MS: f64 = 86400000;
const NANOSECONDS_PER_SECOND: f64 = 1e9;
const UINT64_LIMIT: f64 = 18446744073709551616.0;

/** Here the page is put. Behind it is room, because something may be compared with the longest of keys where the page ends. */
export const BODY_BYTES: i32 = 1024 * 1024;
export const BODY = memory.data(BODY_BYTES + 1024, 16);

/** Of the node: timestamp, CPU, memory and swap. */
export const NODE = memory.data(4 * 8, 16);
const NODE_TIMESTAMP = NODE;
const NODE_CPU = NODE + 8;
const NODE_MEMORY = NODE + 16;
const NODE_SWAP = NODE + 24;

const CONTAINER_CPU_NAME = text('container_cpu_usage_seconds_total');
const CONTAINER_MEMORY_NAME = text('container_memory_working_set_bytes');
const CONTAINER_START_NAME = text('container_start_time_seconds');
const CONTAINER_SWAP_NAME = text('container_swap_usage_bytes');
const NODE_CPU_NAME = text('node_cpu_usage_seconds_total');
const NODE_MEMORY_NAME = text('node_memory_working_set_bytes');
const NODE_SWAP_NAME = text('node_swap_usage_bytes');
const TYPE = text('# TYPE ');
const CONTAINER_LABEL = text('{container="');
const NAMESPACE_LABEL = text('",namespace="');
const POD_LABEL = text('",pod="');

/** No row, no family. */
const NO_FAMILY: usize = 0;
const GIVEN_UP: i32 = -1;

/** The name of the family that the line before belonged to, and the row that comes next in it if it lists containers as those before did. */
let family: usize = NO_FAMILY;
let expectedRow: i32 = 0;

/** Decodes the page of `length` bytes at BODY, which ends with a line feed. Returns how many rows it has, -1 when it is JavaScript's. */
export function decodePage(length: i32, startedMs: f64): i32 {
  clearRows();
  for (let cell = NODE; cell < NODE + 32; cell += 8) store<f64>(cell, NaN);
  family = NO_FAMILY;
  const end = BODY + length;
  for (let line = BODY; line < end;) {
    line = afterLine(afterBlanks(line), end, startedMs);
    if (line == NOWHERE) return GIVEN_UP;
  }
  return rows;
}

function afterLine(at: usize, end: usize, startedMs: f64): usize {
  const byte = load<u8>(at);
  if (byte == HASH) return afterComment(at, end);
  const name = familyAt(at);
  if (name == NO_FAMILY) return byte == LINE_FEED || byte == COLON || isNameStart(byte) ? find(LINE_FEED, at, end) + 1 : NOWHERE;
  if (name != family) {
    family = name;
    expectedRow = 0;
  }
  return afterSample(at + lengthOf(name), startedMs);
}

/** The name of the family whose sample stands here. */
@inline
function familyAt(at: usize): usize {
  if (family != NO_FAMILY && isNameAt(at, family)) return family;
  if (isNameAt(at, CONTAINER_CPU_NAME)) return CONTAINER_CPU_NAME;
  if (isNameAt(at, CONTAINER_MEMORY_NAME)) return CONTAINER_MEMORY_NAME;
  if (isNameAt(at, CONTAINER_START_NAME)) return CONTAINER_START_NAME;
  if (isNameAt(at, CONTAINER_SWAP_NAME)) return CONTAINER_SWAP_NAME;
  if (isNameAt(at, NODE_CPU_NAME)) return NODE_CPU_NAME;
  if (isNameAt(at, NODE_MEMORY_NAME)) return NODE_MEMORY_NAME;
  if (isNameAt(at, NODE_SWAP_NAME)) return NODE_SWAP_NAME;
  return NO_FAMILY;
}

@inline
function isNameAt(at: usize, name: usize): bool {
  if (!standsAt(at, name)) return false;
  const next = load<u8>(at + lengthOf(name));
  return next == OPEN || next == SPACE || next == TAB;
}

/** Past the samples too, where the type of a metric is announced that nobody uses. */
function afterComment(at: usize, end: usize): usize {
  const samples = find(LINE_FEED, at, end) + 1;
  if (!standsAt(at, TYPE)) return samples;
  const name = at + lengthOf(TYPE);
  if (isBeginningOfFamily(name)) return samples;
  const nameEnd = find(SPACE, name, samples);
  if (nameEnd == samples) return NOWHERE;
  return afterSamples(name, nameEnd - name, samples, end);
}

function isBeginningOfFamily(at: usize): bool {
  return standsAt(at, CONTAINER_CPU_NAME) || standsAt(at, CONTAINER_MEMORY_NAME) || standsAt(at, CONTAINER_START_NAME)
    || standsAt(at, CONTAINER_SWAP_NAME) || standsAt(at, NODE_CPU_NAME) || standsAt(at, NODE_MEMORY_NAME) || standsAt(at, NODE_SWAP_NAME);
}

/** Up to the next comment, if the first and the last line before it are samples of the metric; otherwise not at all. */
function afterSamples(name: usize, nameLength: usize, first: usize, end: usize): usize {
  const next = find(HASH, first, end);
  if (next == first || (next < end && load<u8>(next - 1) != LINE_FEED)) return first;
  const last = findLast(LINE_FEED, next - 2) + 1;
  return isSampleOf(name, nameLength, first, end) && isSampleOf(name, nameLength, last, end) ? next : first;
}

function isSampleOf(name: usize, nameLength: usize, line: usize, end: usize): bool {
  return line + nameLength < end && equal(name, line, nameLength) && !isNameByte(load<u8>(line + nameLength));
}

/** Past the line of a sample, of which its labels or its value come next. */
@inline
function afterSample(labels: usize, startedMs: f64): usize {
  const isOfNode = family == NODE_CPU_NAME || family == NODE_MEMORY_NAME || family == NODE_SWAP_NAME;
  let at = labels;
  let row: usize = 0;
  if (isOfNode) {
    if (load<u8>(at) == OPEN) return NOWHERE;
  } else {
    const found = rowAt(at);
    if (found < 0) return NOWHERE;
    row = <usize>found << 3;
    at += keyLength(found) + 2;
  }
  const value = readDecimal(afterBlanks(at));
  if (isNaN(value)) return NOWHERE;
  at = afterBlanks(numberEnd);
  let timestampMs = startedMs;
  if (load<u8>(at) != LINE_FEED) {
    timestampMs = readInteger(at);
    if (isNaN(timestampMs)) return NOWHERE;
    at = afterBlanks(numberEnd);
    if (load<u8>(at) != LINE_FEED) return NOWHERE;
  }
  if (timestampMs >= EARLIEST_TIMESTAMP_MS && timestampMs <= startedMs + MAX_TIMESTAMP_AHEAD_MS) keep(row, value, timestampMs);
  return at + 1;
}

/** The row of the container that the labels name. */
@inline
function rowAt(labels: usize): i32 {
  if (expectedRow < rows && load<u8>(labels) == OPEN && isRow(expectedRow, labels + 1)) return expectedRow++;
  const end = labelsEnd(labels);
  const row = end == NOWHERE ? -1 : rowOf(labels + 1, end - labels - 1);
  expectedRow = row + 1;
  return row;
}

/** Where the brace stands that closes the labels, if they are written as kubelets write them. */
function labelsEnd(at: usize): usize {
  const namespace = afterLabel(at, CONTAINER_LABEL);
  const pod = namespace == NOWHERE ? NOWHERE : afterLabel(namespace, NAMESPACE_LABEL);
  const end = pod == NOWHERE ? NOWHERE : afterLabel(pod, POD_LABEL);
  return end != NOWHERE && load<u8>(end) == QUOTE && load<u8>(end + 1) == CLOSE ? end + 1 : NOWHERE;
}

/** Past the label and its value, which is not empty. */
@inline
function afterLabel(at: usize, label: usize): usize {
  if (!standsAt(at, label)) return NOWHERE;
  const value = at + lengthOf(label);
  const end = plainEnd(value);
  return end == value ? NOWHERE : end;
}

/** As the methods of ../scrape/page.ts: of several samples of one series the first counts. */
@inline
function keep(row: usize, value: f64, timestampMs: f64): void {
  if (family == CONTAINER_CPU_NAME) keepTimed(CPU + row, TIMESTAMP + row, whole(value * NANOSECONDS_PER_SECOND), timestampMs);
  else if (family == CONTAINER_MEMORY_NAME) keepTimed(MEMORY + row, TIMESTAMP + row, whole(value), timestampMs);
  else if (family == CONTAINER_START_NAME) keepFirst(START + row, whole(value * NANOSECONDS_PER_SECOND));
  else if (family == CONTAINER_SWAP_NAME) keepFirst(SWAP + row, whole(value));
  else if (family == NODE_CPU_NAME) keepTimed(NODE_CPU, NODE_TIMESTAMP, whole(value * NANOSECONDS_PER_SECOND), timestampMs);
  else if (family == NODE_MEMORY_NAME) keepTimed(NODE_MEMORY, NODE_TIMESTAMP, whole(value), timestampMs);
  else keepFirst(NODE_SWAP, whole(value));
}

@inline
function keepTimed(cell: usize, timestamp: usize, value: f64, timestampMs: f64): void {
  if (isNaN(value) || !isNaN(load<f64>(cell))) return;
  store<f64>(cell, value);
  store<f64>(timestamp, timestampMs);
}

@inline
function keepFirst(cell: usize, value: f64): void {
  if (isNaN(load<f64>(cell))) store<f64>(cell, value);
}

@inline
function whole(value: f64): f64 {
  return value >= 0 && value < UINT64_LIMIT ? floor(value) : NaN;
}

@inline
function afterBlanks(at: usize): usize {
  while (load<u8>(at) == SPACE || load<u8>(at) == TAB) ++at;
  return at;
}

function isNameByte(byte: u8): bool {
  return isNameStart(byte) || (byte >= 0x30 && byte <= 0x39);
}

@inline
function isNameStart(byte: u8): bool {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte == 0x5f;
}
