const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const QUANTITY = /^([+-]?)(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?([numkMGTPE]?|[KMGTPE]i)$/;

/** Value of a Kubernetes quantity such as `100m` or `200Mi`; undefined if it is none. */
export function quantityValue(text: string): number | undefined {
  const match = QUANTITY.exec(text);
  if (!match) return undefined;
  const [, sign, digits, exponent = '', suffix] = match;
  if (exponent && suffix) return undefined;
  const number = Number(sign + digits + exponent);
  if (BINARY.includes(suffix)) return number * 1024 ** (BINARY.indexOf(suffix) + 1);
  const thousands = DECIMAL.indexOf(suffix) - DECIMAL.indexOf('');
  // Division rounds once: 100 / 1000 is 0.1, and 100 * 0.001 is not.
  return thousands < 0 ? number / 1000 ** -thousands : number * 1000 ** thousands;
}

const NANOS_PER_UNIT = 1_000_000_000n;

/** Value of a valid quantity in billionths, exactly; what is finer is rounded up, as Kubernetes does. */
export function quantityNanos(text: string): bigint {
  const [, sign, digits, exponent = '', suffix] = QUANTITY.exec(text)!;
  const [whole, fraction = ''] = digits.split('.');
  const binary = BINARY.indexOf(suffix) + 1;
  const decimalPlaces = fraction.length - Number(exponent.slice(1) || 0) - (binary ? 0 : 3 * (DECIMAL.indexOf(suffix) - DECIMAL.indexOf('')));
  const scaled = BigInt(whole + fraction || 0) * 1024n ** BigInt(binary) * NANOS_PER_UNIT;
  const nanos = decimalPlaces > 0 ? roundedUp(scaled, 10n ** BigInt(decimalPlaces)) : scaled * 10n ** BigInt(-decimalPlaces);
  return sign === '-' ? -nanos : nanos;
}

/** Whether Kubernetes writes a quantity with `Ki`, `Mi` and their like. */
export function isBinary(text: string): boolean {
  return text.endsWith('i');
}

/** A quantity of zero or more as Kubernetes writes it: the largest suffix that leaves a whole number. */
export function canonicalQuantity(nanos: bigint, binary: boolean): string {
  // Below one Ki there is no binary suffix.
  return binary && nanos >= 1024n * NANOS_PER_UNIT ? shortest(roundedUp(nanos, NANOS_PER_UNIT), 1024n, ['', ...BINARY]) : shortest(nanos, 1000n, DECIMAL);
}

function shortest(amount: bigint, step: bigint, suffixes: readonly string[]): string {
  if (amount === 0n) return '0';
  let [rest, i] = [amount, 0];
  while (rest % step === 0n && i < suffixes.length - 1) [rest, i] = [rest / step, i + 1];
  return `${rest}${suffixes[i]}`;
}

function roundedUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
