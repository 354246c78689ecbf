import { ByteWriter } from '../../server/encoding/byte-writer';

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const ones = decimalSuffixes.indexOf('');

const scratch = new ByteWriter();

/** CPU as a resource.Quantity in format DecimalSI. */
export function cpuQuantity(nanocores: number): string {
  scratch.clear();
  writeCpuQuantity(scratch, nanocores);
  return scratch.written().toString('latin1');
}

/** Memory as a resource.Quantity in format BinarySI, which becomes DecimalSI below 1024: 1000 bytes are `1k`, 1000000 are not `1M`. */
export function memoryQuantity(bytes: number): string {
  scratch.clear();
  writeMemoryQuantity(scratch, bytes);
  return scratch.written().toString('latin1');
}

export function writeCpuQuantity(writer: ByteWriter, nanocores: number): void {
  writeWithLargestSuffix(writer, nanocores, 1000, decimalSuffixes, 0);
}

export function writeMemoryQuantity(writer: ByteWriter, bytes: number): void {
  if (bytes < 1024) writeWithLargestSuffix(writer, bytes, 1000, decimalSuffixes, ones);
  else writeWithLargestSuffix(writer, bytes, 1024, binarySuffixes, 0);
}

/** The canonical form of a quantity: an integer with the largest suffix that loses nothing. */
function writeWithLargestSuffix(writer: ByteWriter, value: number, base: number, suffixes: readonly string[], start: number): void {
  if (value === 0) return writer.digits(0);
  let integer = value;
  let suffix = start;
  while (isMultiple(integer, base) && suffix < suffixes.length - 1) {
    integer /= base;
    suffix++;
  }
  writer.digits(integer);
  writer.utf8(suffixes[suffix]);
}

function isMultiple(value: number, base: number): boolean {
  // The operator `%` is slow beyond 32 bits, and the only exact one beyond 53.
  return value <= Number.MAX_SAFE_INTEGER ? Math.floor(value / base) * base === value : value % base === 0;
}
