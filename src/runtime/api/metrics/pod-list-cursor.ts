import { PodCursor } from '../../store/usage';
import { timestamp, writeTime } from '../timestamp';
import { writeGoDuration } from './duration';
import { UNKNOWN } from './pod-metrics';
import { writeDuration, writeFigures, writeObjectMeta } from './protobuf';
import { writeCpuQuantity, writeMemoryQuantity } from './quantity';
import { LabelSet } from '../../cluster/object-metadata';
import { PodRecord } from '../../cluster/pod';
import { ByteWriter, Fragment } from '../../server/encoding/byte-writer';
import { ProtobufWriter } from '../../server/encoding/protobuf-writer';
import { ItemCursor } from '../../server/item-list';

const NAME = new Fragment('{"name":');
const NAMESPACE = new Fragment(',"namespace":');
const LABELS = new Fragment(',"labels":');
const TIMESTAMP = new Fragment('"timestamp":"');
const WINDOW = new Fragment('","window":"');
const CONTAINERS = new Fragment('","containers":[');
const USAGE = new Fragment(',"usage":{');
const CPU = new Fragment('"cpu":"');
const MEMORY = new Fragment('"memory":"');
const SWAP = new Fragment('","swap":"');
const END_OF_USAGE = new Fragment('"}}');
const END_OF_CONTAINER = new Fragment('}}');
/** Pods whose figures fit into the processor's cache. */
const AHEAD = 64;
const COMMA = 0x2c;
const QUOTE = 0x22;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;

export interface PodListOptions {
  readonly pods: readonly PodRecord[];
  readonly figures: PodCursor;
  readonly createdMs: number;
  /** Told the age of each sample that is returned. */
  readonly freshness?: (ageSeconds: number) => void;
}

/** One pod of a list after the other. What it says of each is what `PodMetrics` says. */
export class PodListCursor implements ItemCursor {
  readonly figures: PodCursor;
  /** What is never used need not be read. */
  touched = 0;
  private readonly lastLabels = new LastLabels();
  private readonly pods: readonly PodRecord[];
  private index: number;

  /**
   * @param created `creationTimestamp` as JSON
   * @param writesNames false when what writes them takes them from their containers' keys
   */
  constructor(
    private readonly options: PodListOptions, private readonly created: Fragment, private readonly from: number, private readonly writesNames = true,
  ) {
    ({ figures: this.figures, pods: this.pods } = options);
    this.index = from - 1;
  }

  get place(): number {
    return this.index;
  }

  get labels(): LabelSet {
    return this.pods[this.index].labels;
  }

  next(): boolean {
    const { options: { createdMs, freshness }, figures, pods } = this;
    while (++this.index < pods.length) {
      if ((this.index - this.from) % AHEAD === 0) this.readAhead();
      if (!figures.moveTo(pods[this.index])) continue;
      freshness?.((createdMs - figures.timestampMs) / 1000);
      return true;
    }
    return false;
  }

  /** To a place where it has been. */
  goTo(place: number): void {
    this.index = place;
    if (place < this.pods.length) this.figures.moveTo(this.pods[place]);
  }

  writeMetadataJson(writer: ByteWriter): void {
    const { namespace, name, labels } = this.pods[this.index];
    writer.fragment(NAME);
    writer.jsonText(name);
    writer.fragment(NAMESPACE);
    writer.jsonText(namespace);
    writer.fragment(this.created);
    if (labels.json !== undefined && !this.lastLabels.repeat(writer, labels)) {
      const start = writer.length;
      writer.fragment(LABELS);
      writer.utf8(labels.json);
      this.lastLabels.written(writer, labels, start);
    }
    writer.byte(CLOSING_BRACE);
  }

  writeMembersJson(writer: ByteWriter): void {
    const { figures } = this;
    writer.fragment(TIMESTAMP);
    writer.utf8(timestamp(figures.timestampMs));
    writer.fragment(WINDOW);
    writeGoDuration(writer, figures.windowNanoseconds);
    writer.fragment(CONTAINERS);
    const { names, nameStarts, containers } = figures;
    for (let i = 0; i < containers; i++) {
      if (i > 0) writer.byte(COMMA);
      writer.fragment(NAME);
      writer.jsonQuoted(names, nameStarts[i]);
      writer.fragment(USAGE);
      this.writeFiguresJson(writer, i);
    }
    writer.byte(CLOSING_BRACKET);
  }

  writeCellsJson(writer: ByteWriter): void {
    const { figures } = this;
    let cpuNanocores = 0;
    let memoryBytes = 0;
    for (let i = 0; i < figures.containers; i++) {
      cpuNanocores += figures.cpuNanocores[i];
      memoryBytes += figures.memoryBytes[i];
    }
    writer.byte(OPENING_BRACKET);
    writer.jsonText(this.pods[this.index].name);
    writer.byte(COMMA);
    writer.byte(QUOTE);
    if (cpuNanocores >= 0) writeCpuQuantity(writer, cpuNanocores);
    else writer.utf8(UNKNOWN);
    writer.utf8('","');
    if (memoryBytes >= 0) writeMemoryQuantity(writer, memoryBytes);
    else writer.utf8(UNKNOWN);
    writer.utf8('","');
    writeGoDuration(writer, figures.windowNanoseconds);
    writer.byte(QUOTE);
    writer.byte(CLOSING_BRACKET);
  }

  writeProtobuf(writer: ProtobufWriter): void {
    const metadata = writer.beginMessage(1);
    this.writeMetadataProtobuf(writer);
    writer.endMessage(metadata);
    const { timestampMs, windowNanoseconds, containers, names, nameStarts, cpuNanocores, memoryBytes, swapBytes } = this.figures;
    writeTime(writer, 2, timestampMs);
    writeDuration(writer, 3, windowNanoseconds);
    for (let i = 0; i < containers; i++) {
      const container = writer.beginMessage(4);
      const name = writer.beginMessage(1);
      writer.untilQuote(names, nameStarts[i]);
      writer.endMessage(name);
      writeFigures(writer, 2, cpuNanocores[i], memoryBytes[i], swapBytes[i]);
      writer.endMessage(container);
    }
  }

  writeMetadataProtobuf(writer: ProtobufWriter): void {
    writeObjectMeta(writer, this.pods[this.index], this.options.createdMs);
  }

  private readAhead(): void {
    const { index, pods } = this;
    const end = Math.min(index + AHEAD, pods.length);
    this.figures.readAhead(pods, index, end);
    if (!this.writesNames) return;
    for (let place = index; place < end; place++) this.touched += pods[place].name.charCodeAt(0);
  }

  /** What is unknown is left out: a 0 would be taken for a figure. */
  private writeFiguresJson(writer: ByteWriter, i: number): void {
    const cpuNanocores = this.figures.cpuNanocores[i];
    const memoryBytes = this.figures.memoryBytes[i];
    const swapBytes = this.figures.swapBytes[i];
    const hasCpu = cpuNanocores >= 0;
    const hasMemory = memoryBytes >= 0;
    if (!hasCpu && !hasMemory) return writer.fragment(END_OF_CONTAINER);
    if (hasCpu) {
      writer.fragment(CPU);
      writeCpuQuantity(writer, cpuNanocores);
    }
    if (hasCpu && hasMemory) {
      writer.byte(QUOTE);
      writer.byte(COMMA);
    }
    if (hasMemory) {
      writer.fragment(MEMORY);
      writeMemoryQuantity(writer, memoryBytes);
    }
    if (swapBytes >= 0) {
      writer.fragment(SWAP);
      writeMemoryQuantity(writer, swapBytes);
    }
    writer.fragment(END_OF_USAGE);
  }
}

/** Pods that follow each other mostly have the labels of one ReplicaSet: those of the pod before are copied. */
class LastLabels {
  private labels: LabelSet | undefined;
  private clearings = -1;
  private start = 0;
  private length = 0;

  /** False when they have to be written. */
  repeat(writer: ByteWriter, labels: LabelSet): boolean {
    if (labels !== this.labels || writer.clearings !== this.clearings) return false;
    writer.repeat(this.start, this.length);
    return true;
  }

  written(writer: ByteWriter, labels: LabelSet, start: number): void {
    this.labels = labels;
    this.clearings = writer.clearings;
    this.start = start;
    this.length = writer.length - start;
  }
}
