const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const QUANTITY = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

/** Places after the point: nothing finer can be said. */
const PLACES = 9;
const ONE = 10n ** BigInt(PLACES);

/** No quantity is larger: 2^63 - 1. */
const MAX = (2n ** 63n - 1n) * ONE;

/** More would make numbers of any length. */
const MAX_EXPONENT = 1000;

/** What is larger or finer than can be said is at most twice as long as what can. */
const MAX_CHARACTERS = 64;

/**
 * A number as Kubernetes has it (resource.Quantity), exact: billionths, up to 2^63 - 1. What is finer is rounded away from zero,
 * what is larger is cut, both as Kubernetes does. Autoscalers read thousandths, rounded up.
 */
export class Quantity {
  static readonly zero = new Quantity(0n);

  /** The decimal number that the double prints as: 0.1 is exactly 100m. Throws a RangeError for what is not finite. */
  static of(value: number | bigint): Quantity {
    if (typeof value === 'bigint') return new Quantity(cut(value * ONE));
    if (!Number.isFinite(value)) throw new RangeError(`${value} is not a quantity: give a finite number`);
    if (Number.isSafeInteger(value)) return new Quantity(BigInt(value) * ONE);
    return Quantity.parse(String(value));
  }

  static ofMilli(thousandths: bigint): Quantity {
    return new Quantity(cut(thousandths * ONE / 1000n));
  }

  /** Throws a RangeError for what is not a quantity: `250m`, `1.5`, `64Mi`, `1e3` are. */
  static parse(text: string): Quantity {
    if (text.length > MAX_CHARACTERS) throw new RangeError(`a text of ${text.length} characters is not a quantity: give up to ${MAX_CHARACTERS}`);
    const match = QUANTITY.exec(text);
    if (!match) throw new RangeError(`${JSON.stringify(text)} is not a quantity: give a number, with a suffix if need be: 250m, 1.5, 2k, 64Mi`);
    const [, sign, whole = '', fraction = match[4] ?? '', , suffix = '', exponent = '0'] = match;
    const digits = BigInt(`${whole}${fraction}`);
    const binary = BINARY.indexOf(suffix);
    const power = binary > 0 ? 0 : 3 * (DECIMAL.indexOf(suffix) - DECIMAL.indexOf('')) + clamped(Number(exponent));
    const factor = binary > 0 ? 1024n ** BigInt(binary) : 1n;
    const nanos = cut(shifted(digits * factor, PLACES + power - fraction.length));
    return new Quantity(sign === '-' ? -nanos : nanos);
  }

  private constructor(private readonly nanos: bigint) {}

  /** Thousandths, rounded away from zero: what autoscalers reckon with. */
  get milli(): bigint {
    const rounding = this.nanos < 0n ? -999_999n : 999_999n;
    return (this.nanos + rounding) / 1_000_000n;
  }

  toNumber(): number {
    const whole = this.nanos / ONE;
    return Number(whole) + Number(this.nanos - whole * ONE) / Number(ONE);
  }

  /** The canonical form: an integer with the largest decimal suffix that loses nothing. */
  toString(): string {
    if (this.nanos === 0n) return '0';
    let integer = this.nanos;
    let suffix = 0;
    while (integer % 1000n === 0n && suffix < DECIMAL.length - 1) {
      integer /= 1000n;
      suffix++;
    }
    return `${integer}${DECIMAL[suffix]}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Times a power of ten; what is lost rounds up. */
function shifted(digits: bigint, places: number): bigint {
  if (places >= 0) return digits * 10n ** BigInt(places);
  const divisor = 10n ** BigInt(-places);
  return (digits + divisor - 1n) / divisor;
}

function cut(nanos: bigint): bigint {
  return nanos > MAX ? MAX : nanos < -MAX ? -MAX : nanos;
}

function clamped(exponent: number): number {
  return Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, exponent));
}
