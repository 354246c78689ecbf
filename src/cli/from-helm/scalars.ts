import { Mistake } from '../mistake';

/** What a scalar of a values file is. A whole number keeps all its digits. */
export type ScalarValue = string | number | bigint | boolean | null;

const MAX_INT64 = 2n ** 63n - 1n;

const WORDS: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, NaN] as const),
]);
const INTEGER = /^([-+]?)(0[bB][01]+|0[oO][0-7]+|0[xX][\da-fA-F]+|0[0-7]+|0|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** Tags that text has to suit, and what it then is. */
const TYPES: Readonly<Partial<Record<string, readonly string[]>>> = {
  'tag:yaml.org,2002:null': ['object'],
  'tag:yaml.org,2002:bool': ['boolean'],
  'tag:yaml.org,2002:int': ['bigint'],
  'tag:yaml.org,2002:float': ['bigint', 'number'],
};
const BINARY = 'tag:yaml.org,2002:binary';

/**
 * Plain text, or text with a tag, as Helm has it from sigs.k8s.io/yaml v1.4.0: with the booleans of YAML 1.1, without its dates and its
 * numbers to base 60.
 *
 * @throws Mistake when the text does not suit its tag
 */
export function scalarOf(text: string, tag?: string): ScalarValue {
  if (tag === undefined) return plain(text);
  if (tag === BINARY) return decoded(text);
  const types = TYPES[tag];
  if (!types) return text;
  const value = plain(text);
  if (types.includes(typeof value)) return value;
  throw new Mistake(`given ${JSON.stringify(text)} with a tag; allowed: ${tag.replace(/.*:/, '!!')} before text that is one; take the tag away`);
}

/** A scalar as a value of JSON. */
export function jsonOf(value: ScalarValue): string | number | boolean | null {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new Mistake(`given ${float32(value)}; allowed: a finite number, or text; put text in quotes`);
}

/** A scalar as a key of a map. */
export function keyOf(value: ScalarValue): string {
  if (value === null || (typeof value === 'bigint' && value > MAX_INT64)) throw new Mistake(`given ${value} for a key; allowed: text; put the key in quotes`);
  return typeof value === 'number' ? float32(value) : String(value);
}

function plain(text: string): ScalarValue {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (!/^[-+.\d]/.test(text)) return text;
  // Behind a dot that comes first, underscores stand between digits; elsewhere anywhere.
  const digits = text.replace(text.startsWith('.') ? /(?<=\d)_(?=\d)/g : /_/g, '');
  return integer(digits) ?? float(digits) ?? text;
}

/** A number that 64 bits hold. */
function integer(text: string): bigint | undefined {
  const [, sign, digits] = INTEGER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const magnitude = BigInt(digits.replace(/^0(?=\d)/, '0o'));
  const value = sign === '-' ? -magnitude : magnitude;
  const isHeld = BigInt.asIntN(64, value) === value || (sign === '' && BigInt.asUintN(64, value) === value);
  return isHeld ? value : undefined;
}

function float(text: string): number | undefined {
  const value = FLOAT.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

function decoded(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text.replace(/[\r\n]/g, '')) throw new Mistake('given !!binary before text that is not base64; allowed: base64 with its padding; take the tag away');
  return bytes.toString();
}

/** With the fewest digits that tell it from other floats of 32 bits, as Go's `%g`. */
function float32(value: number): string {
  const rounded = Math.fround(value);
  if (Number.isNaN(rounded)) return '.nan';
  if (!Number.isFinite(rounded)) return rounded > 0 ? '.inf' : '-.inf';
  const text = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((length) => rounded.toExponential(length)).find((one) => Math.fround(Number(one)) === rounded)!;
  const [digits, exponent] = text.split('e');
  if (Number(exponent) >= -4 && Number(exponent) < 6) return String(Number(text));
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}
