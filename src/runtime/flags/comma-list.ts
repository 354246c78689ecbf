import { InvalidValueError } from './usage-error';

const BLANK_LINES = /^(?:\r?\n)+/;
const PLAIN = /[^",\n]*/y;
const QUOTED = /"((?:[^"]|"")*)"/y;
const FIELD_END = /,|\r?\n|\r?$/y;

/**
 * Fields of a comma-separated list, as pflag reads it: one CSV record (RFC 4180), so that a field between double quotes
 * may hold a comma. A line break ends the list: a YAML block scalar leaves one.
 */
export function parseCommaList(text: string): string[] {
  if (text === '') {
    return [];
  }
  const record = text.replace(BLANK_LINES, '');
  if (record === '') {
    throw new InvalidValueError('EOF');
  }
  const fields: string[] = [];
  let at = 0;
  let end: string;
  do {
    const field = record[at] === '"' ? quotedField(record, at) : plainField(record, at);
    fields.push(field.value);
    end = fieldEnd(record, field.end);
    at = field.end + end.length;
  } while (end === ',');
  return fields;
}

interface Field {
  readonly value: string;
  readonly end: number;
}

function plainField(record: string, start: number): Field {
  const raw = match(PLAIN, record, start)![0];
  const end = start + raw.length;
  if (record[end] === '"') {
    throw parseError(record, end, 'bare " in non-quoted-field');
  }
  const value = record[end] === ',' ? raw : raw.replace(/\r$/, '');
  return { value, end: start + value.length };
}

function quotedField(record: string, start: number): Field {
  const quoted = match(QUOTED, record, start);
  if (!quoted) {
    throw parseError(record, record.length, 'extraneous or missing " in quoted-field');
  }
  return { value: quoted[1].replaceAll('""', '"'), end: start + quoted[0].length };
}

function fieldEnd(record: string, at: number): string {
  const end = match(FIELD_END, record, at);
  if (!end) {
    throw parseError(record, at - 1, 'extraneous or missing " in quoted-field');
  }
  return end[0];
}

function match(pattern: RegExp, record: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(record);
}

/** Go counts columns in bytes, from 1. */
function parseError(record: string, at: number, problem: string): InvalidValueError {
  return new InvalidValueError(`parse error on line 1, column ${Buffer.byteLength(record.slice(0, at)) + 1}: ${problem}`);
}
