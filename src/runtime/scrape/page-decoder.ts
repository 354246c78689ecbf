import { CONTAINER_LABEL, NAMESPACE_LABEL, POD_LABEL, containerKey, isPlain, isPlainText } from './container-key';
import { MAX_KEY_BYTES } from './key-table';
import { Page } from './page';
import { LINE_FEED, PageCursor, isNameStart } from './page-cursor';
import { PageError } from './page-error';
import { isPlausibleTime, nanoseconds, whole } from './plausible';
import { equalBytes, viewOf } from '../words';

const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const HASH = 0x23;
const COLON = 0x3a;
const LOWER_C = 0x63;
const LOWER_N = 0x6e;
const OPEN = 0x7b;
const CLOSE = 0x7d;

interface Family {
  readonly name: DataView;
  readonly meaning: 'containerCpu' | 'containerMemory' | 'containerStart' | 'containerSwap' | 'nodeCpu' | 'nodeMemory' | 'nodeSwap';
}

/** The metrics that usage is computed from; a page holds others too. */
const FAMILIES: readonly Family[] = [
  { name: viewOf(Buffer.from('container_cpu_usage_seconds_total')), meaning: 'containerCpu' },
  { name: viewOf(Buffer.from('container_memory_working_set_bytes')), meaning: 'containerMemory' },
  { name: viewOf(Buffer.from('container_start_time_seconds')), meaning: 'containerStart' },
  { name: viewOf(Buffer.from('container_swap_usage_bytes')), meaning: 'containerSwap' },
  { name: viewOf(Buffer.from('node_cpu_usage_seconds_total')), meaning: 'nodeCpu' },
  { name: viewOf(Buffer.from('node_memory_working_set_bytes')), meaning: 'nodeMemory' },
  { name: viewOf(Buffer.from('node_swap_usage_bytes')), meaning: 'nodeSwap' },
];

const TYPE = viewOf(Buffer.from('# TYPE '));
const CANONICAL_LABELS = [CONTAINER_LABEL, NAMESPACE_LABEL, POD_LABEL].map(viewOf);

/**
 * Decodes what a kubelet answers to `GET /metrics/resource`, the Prometheus text format, into `page`.
 * A syntax error in a line of the families used condemns the page; other lines are only known by their first word.
 * A sample whose number is impossible (NaN, infinite, negative) or whose time is implausible is left out, alone.
 *
 * @throws PageError with line number and the text in question; `page` is then not to be used.
 */
export function decodePage(body: Buffer, startedMs: number, page: Page): void {
  page.reset(startedMs);
  if (body.length === 0) return;
  if (body[body.length - 1] !== LINE_FEED) throw PageError.at(body, body.lastIndexOf(LINE_FEED) + 1, 'the page is cut short');
  if (page.simd?.decode(body, startedMs, page)) return;
  new PageDecoder(body, page).decode();
}

class PageDecoder {
  private readonly cursor: PageCursor;
  /** Families list the containers in one order: the row that the next line most likely speaks of. */
  private expectedRow = 0;
  private family: Family | undefined;

  constructor(private readonly body: Buffer, private readonly page: Page) {
    this.cursor = new PageCursor(body, 0);
  }

  decode(): void {
    const { body, cursor } = this;
    while (cursor.position < body.length) {
      cursor.skipBlanks();
      const byte = body[cursor.position];
      const family = byte === LOWER_C || byte === LOWER_N ? this.familyHere() : undefined;
      if (family !== undefined) this.sample(family);
      else if (byte === HASH) this.comment();
      else if (byte === LINE_FEED || byte === COLON || isNameStart(byte)) cursor.skipLine();
      else throw cursor.error('a metric name or # should stand here');
    }
  }

  /** Where the type of a metric is announced that nobody uses, all its samples are skipped. */
  private comment(): void {
    const { body, cursor } = this;
    const isType = this.standsAt(cursor.position, TYPE);
    const name = cursor.position + TYPE.byteLength;
    cursor.skipLine();
    if (!isType || FAMILIES.some(family => this.standsAt(name, family.name))) return;
    const nameEnd = body.indexOf(SPACE, name);
    if (nameEnd >= 0 && nameEnd < cursor.position) cursor.skipSamples(name, nameEnd);
  }

  private familyHere(): Family | undefined {
    const current = this.family;
    if (current !== undefined && this.nameIs(current)) return current;
    const found = FAMILIES.find(family => this.nameIs(family));
    if (found === undefined) return undefined;
    this.expectedRow = 0;
    return this.family = found;
  }

  /** Moves past the name when it is the family's. */
  private nameIs({ name }: Family): boolean {
    const { body, cursor } = this;
    const end = cursor.position + name.byteLength;
    if (!this.standsAt(cursor.position, name)) return false;
    if (body[end] !== OPEN && body[end] !== SPACE && body[end] !== TAB) return false;
    cursor.position = end;
    return true;
  }

  private sample({ meaning }: Family): void {
    const { cursor, page } = this;
    const row = meaning === 'nodeCpu' || meaning === 'nodeMemory' || meaning === 'nodeSwap' ? this.skipLabels() : this.row();
    cursor.skipBlanks();
    const value = cursor.value();
    const timestampMs = cursor.timestamp() ?? page.startedMs;
    cursor.endLine();
    if (!isPlausibleTime(timestampMs, page.startedMs)) return;
    switch (meaning) {
      case 'nodeCpu': return page.setNodeCpu(nanoseconds(value), timestampMs);
      case 'nodeMemory': return page.setNodeMemory(whole(value), timestampMs);
      case 'nodeSwap': return page.setNodeSwap(whole(value));
    }
    if (row < 0) return;
    switch (meaning) {
      case 'containerCpu': return page.setCpu(row, nanoseconds(value), timestampMs);
      case 'containerMemory': return page.setMemory(row, whole(value), timestampMs);
      case 'containerStart': return page.setStart(row, nanoseconds(value));
      case 'containerSwap': return page.setSwap(row, whole(value));
    }
  }

  /** The row of the container that the labels name, -1 when they name none. */
  private row(): number {
    const { body, cursor, page: { table: { keys } } } = this;
    const start = cursor.position + 1;
    if (this.expectedRow < keys.size && keys.matches(this.expectedRow, body, start)) {
      const end = start + keys.length(this.expectedRow);
      if (body[end] === CLOSE) {
        cursor.position = end + 1;
        return this.expectedRow++;
      }
    }
    const end = this.canonicalLabelsEnd(cursor.position);
    if (end < 0) return this.rowOfUnusualLabels();
    cursor.position = end + 1;
    return this.rowOf(body, start, end);
  }

  private rowOf(bytes: Buffer, start: number, end: number): number {
    if (end - start > MAX_KEY_BYTES) return -1;
    const row = this.page.row(bytes, start, end);
    this.expectedRow = row + 1;
    return row;
  }

  /** Position of the closing brace when the labels are written as kubelets write them, otherwise -1. */
  private canonicalLabelsEnd(position: number): number {
    let at = position;
    if (this.body[at++] !== OPEN) return -1;
    for (const label of CANONICAL_LABELS) {
      if (!this.standsAt(at, label)) return -1;
      at += label.byteLength;
      const valueFrom = at;
      while (isPlain(this.body[at])) at++;
      if (at === valueFrom) return -1;
    }
    return this.body[at] === QUOTE && this.body[at + 1] === CLOSE ? at + 1 : -1;
  }

  private standsAt(position: number, text: DataView): boolean {
    const { words } = this.cursor;
    return position + text.byteLength <= words.byteLength && equalBytes(words, position, text, 0, text.byteLength);
  }

  private rowOfUnusualLabels(): number {
    if (this.body[this.cursor.position] !== OPEN) return -1;
    const labels = this.cursor.labels();
    const [container, namespace, pod] = ['container', 'namespace', 'pod'].map((name) => labels.get(name));
    if (!isPlainText(container) || !isPlainText(namespace) || !isPlainText(pod)) return -1;
    const key = Buffer.from(containerKey(container, namespace, pod), 'latin1');
    return this.rowOf(key, 0, key.length);
  }

  private skipLabels(): number {
    if (this.body[this.cursor.position] === OPEN) this.cursor.labels();
    return -1;
  }
}
