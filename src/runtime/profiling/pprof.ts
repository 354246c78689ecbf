import { gzipSync } from 'node:zlib';
import { ProtobufWriter } from '../server/encoding/protobuf-writer';

/** Where code stands, as V8 names it. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From 0. */
  readonly lineNumber: number;
}

/** What was measured in one stack. */
export interface StackSample {
  /** The innermost first. */
  readonly frames: readonly CallFrame[];
  /** One for each type of value. */
  readonly values: readonly number[];
}

export interface ValueType {
  readonly type: string;
  readonly unit: string;
}

export interface StackProfile {
  readonly sampleTypes: readonly ValueType[];
  readonly samples: readonly StackSample[];
  readonly timeMs: number;
  readonly durationMs: number;
  /** Of what, and how much, there is one sample. */
  readonly periodType: ValueType;
  readonly period: number;
}

const NANOSECONDS_PER_MS = 1e6;

/** A profile in pprof's form: profile.proto of github.com/google/pprof, zipped. */
export function encodePprof(profile: StackProfile): Buffer {
  const writer = new ProtobufWriter();
  const texts = new Numbering<string>((text) => text, 0);
  const functions = new Numbering<CallFrame>(({ functionName, url }) => `${url}\n${functionName}`, 1);
  const locations = new Numbering<CallFrame>((frame) => `${functions.of(frame)}:${frame.lineNumber}`, 1);
  const valueType = (field: number, { type, unit }: ValueType) => message(writer, field, () => {
    writer.integer(1, texts.of(type));
    writer.integer(2, texts.of(unit));
  });
  // The table of texts begins with the empty one.
  texts.of('');
  writer.integer(9, profile.timeMs * NANOSECONDS_PER_MS);
  writer.integer(10, Math.round(profile.durationMs * NANOSECONDS_PER_MS));
  profile.sampleTypes.forEach((type) => valueType(1, type));
  for (const { frames, values } of profile.samples) {
    message(writer, 2, () => {
      frames.forEach((frame) => writer.integer(1, locations.of(frame)));
      values.forEach((value) => writer.integer(2, Math.round(value)));
    });
  }
  for (const [frame, id] of locations.entries()) {
    message(writer, 4, () => {
      writer.integer(1, id);
      message(writer, 4, () => {
        writer.integer(1, functions.of(frame));
        writer.integer(2, frame.lineNumber + 1);
      });
    });
  }
  for (const [{ functionName, url }, id] of functions.entries()) {
    message(writer, 5, () => {
      const name = texts.of(functionName || '(anonymous)');
      writer.integer(1, id);
      writer.integer(2, name);
      writer.integer(3, name);
      writer.integer(4, texts.of(url));
    });
  }
  valueType(11, profile.periodType);
  writer.integer(12, profile.period);
  for (const [text] of texts.entries()) writer.text(6, text);
  return gzipSync(writer.take());
}

function message(writer: ProtobufWriter, field: number, write: () => void): void {
  const start = writer.beginMessage(field);
  write();
  writer.endMessage(start);
}

/** Numbers for values that recur, in the order in which they come first. */
class Numbering<T> {
  private readonly numbers = new Map<string, readonly [value: T, number: number]>();

  constructor(private readonly keyOf: (value: T) => string, private readonly first: number) {}

  of(value: T): number {
    const key = this.keyOf(value);
    const known = this.numbers.get(key);
    if (known) return known[1];
    const number = this.first + this.numbers.size;
    this.numbers.set(key, [value, number]);
    return number;
  }

  entries(): Iterable<readonly [value: T, number: number]> {
    return this.numbers.values();
  }
}
