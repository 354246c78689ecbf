import { Construct, IConstruct } from 'constructs';
import { quantityValue } from './_quantity';
import { nearest } from '../_facts/nearest';

/** Something that a user got wrong: four facts that let them put it right. */
export interface Mistake {
  /** Property, as the user wrote it. */
  readonly property: string;
  readonly given: unknown;
  readonly allowed: string;
  /** What to do about it, as an order. */
  readonly mend: string;
}

/** One line for a mistake. Where cdk8s reports it (`node.addValidation`), it puts the construct's path before it. */
export function describe({ property, given, allowed, mend }: Mistake): string {
  return `${property}: given ${show(given)}; allowed: ${allowed}; to mend it, ${mend}`;
}

/** Ends synth at once, with the path of the construct that was given the mistake. */
export function refuse(scope: IConstruct, mistake: Mistake): never {
  throw new Error(`[${scope.node.path}] ${describe(mistake)}`);
}

export const LABEL_1123 = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const DATA_KEY = /^(?!\.\.?$)[-._a-zA-Z0-9]{1,253}$/;

/** Refuses what a property cannot hold. TypeScript's types bind neither JavaScript nor a cast. */
export type Check = (scope: IConstruct, property: string, value: unknown) => void;

/** A value of a class with static factories. */
export function checkFactory(scope: IConstruct, property: string, value: unknown, factory: Function): void {
  if (value instanceof factory) return;
  const names = factoriesOf(factory);
  const name = (typeof value === 'string' ? nearest(value, names) : undefined) ?? names[0];
  refuse(scope, {
    property, given: value, allowed: `what ${names.map((n) => `${factory.name}.${n}()`).join(', ')} return`, mend: `write ${property} as in ${factory.name}.${name}()`,
  });
}

/** Static methods that are public. */
function factoriesOf(factory: Function): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(factory))
    .filter(([name, { value }]) => typeof value === 'function' && !name.startsWith('_'))
    .map(([name]) => name);
}

/** A Service's name: RFC 1035, because it becomes a DNS label. */
export function checkServiceName(scope: IConstruct, property: string, name: unknown): void {
  if (typeof name === 'string' && LABEL_1035.test(name)) return;
  refuse(scope, {
    property,
    given: name,
    allowed: 'up to 63 lower-case letters, digits and -, beginning with a letter and ending with a letter or digit',
    mend: `set ${property} to a name such as my-api-server`,
  });
}

/** A namespace's or container's name: an RFC 1123 label. */
export function checkLabelName(scope: IConstruct, property: string, name: unknown, example = 'kube-system'): void {
  if (typeof name === 'string' && LABEL_1123.test(name)) return;
  refuse(scope, {
    property,
    given: name,
    allowed: 'up to 63 lower-case letters, digits and -, beginning and ending with a letter or digit',
    mend: `set ${property} to a name such as ${example}`,
  });
}

/** Name of most other objects: an RFC 1123 subdomain. */
export function checkObjectName(scope: IConstruct, property: string, name: unknown): void {
  if (typeof name === 'string' && name.length <= 253 && SUBDOMAIN.test(name)) return;
  refuse(scope, {
    property,
    given: name,
    allowed: 'up to 253 lower-case letters, digits, - and ., beginning and ending with a letter or digit',
    mend: `set ${property} to the name of an object that Kubernetes accepts`,
  });
}

/** A key of a Secret's or ConfigMap's data. */
export function checkDataKey(scope: IConstruct, property: string, key: unknown): void {
  if (typeof key === 'string' && DATA_KEY.test(key)) return;
  refuse(scope, {
    property,
    given: key,
    allowed: 'up to 253 letters, digits, -, _ and .',
    mend: `set ${property} to a key of the object's data, not to a path`,
  });
}

export function checkLabels(scope: IConstruct, property: string, labels: unknown = {}): void {
  if (!isRecord(labels)) {
    refuse(scope, { property, given: labels, allowed: 'keys and values, both text', mend: `write ${property} as in { team: 'platform' }` });
  }
  for (const [key, value] of Object.entries(labels)) {
    checkLabelKey(scope, `${property}['${key}']`, key);
    checkLabelValue(scope, `${property}['${key}']`, value);
  }
}

/** Annotations hold any text, under keys like those of labels, though in any case. */
export function checkAnnotations(scope: IConstruct, property: string, annotations: unknown): void {
  if (!isRecord(annotations)) {
    refuse(scope, { property, given: annotations, allowed: 'keys and values, both text', mend: `write ${property} as in { 'example.com/owner': 'platform' }` });
  }
  for (const [key, value] of Object.entries(annotations)) {
    checkLabelKey(scope, `${property}['${key}']`, key.toLowerCase());
    checkText(scope, `${property}['${key}']`, value);
  }
  const bytes = Buffer.byteLength(Object.entries(annotations).flat().join(''));
  if (bytes <= MAX_ANNOTATIONS_BYTES) return;
  refuse(scope, { property, given: `${bytes} bytes`, allowed: `${MAX_ANNOTATIONS_BYTES} bytes, keys and values together`, mend: 'keep what is that long in a ConfigMap' });
}

/** Of an object's annotations together, by apimachinery's `TotalAnnotationSizeLimitB`. */
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

export function checkLabelKey(scope: IConstruct, property: string, key: unknown): void {
  const [name, prefix, ...rest] = typeof key === 'string' ? key.split('/').reverse() : [''];
  if (LABEL_NAME.test(name) && rest.length === 0 && (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)))) return;
  refuse(scope, {
    property,
    given: key,
    allowed: 'as a key, an optional DNS subdomain and /, then up to 63 letters, digits, -, _ and .',
    mend: 'rename the key',
  });
}

export function checkLabelValue(scope: IConstruct, property: string, value: unknown): void {
  if (typeof value === 'string' && (value === '' || LABEL_NAME.test(value))) return;
  refuse(scope, {
    property,
    given: value,
    allowed: 'as a value, text of up to 63 letters, digits, -, _ and ., beginning and ending with a letter or digit',
    mend: typeof value === 'string' ? 'shorten or rename the value' : 'write the value as text, in quotes',
  });
}

export function checkInteger(
  scope: IConstruct, property: string, value: unknown, min: number, max: number, reason = '', mend = `set ${property} within these bounds, or leave it out`,
): void {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
  const allowed = max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`;
  refuse(scope, { property, given: value, allowed: allowed + reason, mend });
}

/** The largest number that a field of type int32 holds. */
export const MAX_INT32 = 2 ** 31 - 1;

export function checkPort(scope: IConstruct, property: string, port: unknown): void {
  checkInteger(scope, property, port, 1, 65535);
}

/** A quantity that is not negative, such as `100m` or `200Mi`. */
export function checkQuantity(scope: IConstruct, property: string, quantity: unknown): void {
  if (quantity === undefined) return;
  const value = typeof quantity === 'string' ? quantityValue(quantity) : undefined;
  if (value !== undefined && value >= 0) return;
  refuse(scope, {
    property,
    given: quantity,
    allowed: 'a Kubernetes quantity of zero or more, as text: digits and one of n u m k M G T P E Ki Mi Gi Ti Pi Ei',
    mend: `write ${property} as in '100m' (a tenth of a core) or '200Mi'`,
  });
}

/** Memory or storage, of which Kubernetes takes `m` for thousandths of a byte. */
export function checkMemory(scope: IConstruct, property: string, memory: unknown): void {
  checkQuantity(scope, property, memory);
  if (typeof memory !== 'string' || !/[num]$/.test(memory)) return;
  refuse(scope, {
    property,
    given: memory,
    allowed: 'bytes, not fractions of one: digits and one of k M G T P E Ki Mi Gi Ti Pi Ei',
    mend: `write ${property} as in '${memory.slice(0, -1)}Mi'`,
  });
}

export function checkBoolean(scope: IConstruct, property: string, value: unknown): void {
  if (typeof value === 'boolean') return;
  refuse(scope, { property, given: value, allowed: 'true or false, without quotes', mend: `set ${property} to one of them, or leave it out` });
}

export function checkText(scope: IConstruct, property: string, value: unknown): void {
  if (typeof value === 'string') return;
  refuse(scope, { property, given: value, allowed: 'text', mend: `write ${property} in quotes` });
}

export function checkImageReference(scope: IConstruct, property: string, reference: unknown): void {
  if (typeof reference === 'string' && /^[!-~]+$/.test(reference)) return;
  refuse(scope, {
    property, given: reference, allowed: 'an image reference: printable ASCII without spaces', mend: `set ${property} as in registry.example.com/name:tag`,
  });
}

/** A time that Kubernetes counts in whole seconds. */
export function checkSeconds(scope: IConstruct, property: string, duration: unknown, min: 0 | 1): void {
  const ms = milliseconds(duration);
  if (ms !== undefined && ms >= min * 1000 && ms <= MAX_INT32 * 1000 && ms % 1000 === 0) return;
  refuse(scope, {
    property, given: ms === undefined ? duration : `${ms}ms`, allowed: `a Duration of whole seconds, from ${min} to ${MAX_INT32}`, mend: `write ${property} as in Duration.seconds(30)`,
  });
}

/** What Go counts in 64 bits of nanoseconds. */
const MAX_GO_DURATION_MS = 9_223_372_036_854;

export function checkDuration(scope: IConstruct, property: string, duration: unknown): void {
  const ms = milliseconds(duration);
  if (Number.isInteger(ms) && ms! > 0 && ms! <= MAX_GO_DURATION_MS) return;
  refuse(scope, {
    property, given: ms === undefined ? duration : `${ms}ms`, allowed: 'a Duration of whole milliseconds above zero, up to 292 years', mend: `write ${property} as in Duration.seconds(15)`,
  });
}

/** By its method: an app may have two copies of cdk8s. Parts of a millisecond come as they are, for cdk8s throws at them otherwise. */
function milliseconds(duration: unknown): number | undefined {
  const { toMilliseconds } = Object(duration);
  return typeof toMilliseconds === 'function' ? toMilliseconds.call(duration, { integral: false }) : undefined;
}

/** An object written in braces, of whatever realm, or without prototype; not a Map, a list or an instance of a class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${inOneLine(value)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' || typeof value === 'symbol' || value === undefined || value === null) return String(value);
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  if (Construct.isConstruct(value)) return `the construct ${value.node.path}`;
  if (value instanceof Map || value instanceof Set) return `a ${value.constructor.name}`;
  const text = written(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

const SHOWN_CHARACTERS = 300;

function inOneLine(text: string): string {
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  // eslint-disable-next-line no-control-regex
  return shown.replace(/[\u0000-\u001f\u007f]/g, (character) => JSON.stringify(character).slice(1, -1));
}

/** As JSON, where the value has one: it may hold itself, or a getter may throw. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value, asWritten);
  } catch {
    return 'what cannot be written down, as an object that holds itself';
  }
}

/** What a user wrote: without fields that are our own, and what JSON does not know as text. */
function asWritten(name: string, value: unknown): unknown {
  if (typeof value === 'bigint' || typeof value === 'symbol' || Construct.isConstruct(value)) return show(value);
  return name.startsWith('_') ? undefined : value;
}
