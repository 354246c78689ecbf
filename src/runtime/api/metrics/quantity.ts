const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const ones = decimalSuffixes.indexOf('');

/** CPU as a resource.Quantity in format DecimalSI. */
export function cpuQuantity(nanocores: number): string {
  return withLargestSuffix(nanocores, 1000, decimalSuffixes, 0);
}

/** Memory as a resource.Quantity in format BinarySI, which becomes DecimalSI below 1024: 1000 bytes are `1k`, 1000000 are not `1M`. */
export function memoryQuantity(bytes: number): string {
  return bytes < 1024
    ? withLargestSuffix(bytes, 1000, decimalSuffixes, ones)
    : withLargestSuffix(bytes, 1024, binarySuffixes, 0);
}

/** The canonical form of a quantity: an integer with the largest suffix that loses nothing. */
function withLargestSuffix(value: number, base: number, suffixes: readonly string[], start: number): string {
  if (value === 0) return '0';
  let integer = value;
  let suffix = start;
  while (integer % base === 0 && suffix < suffixes.length - 1) {
    integer /= base;
    suffix++;
  }
  return `${integer}${suffixes[suffix]}`;
}
