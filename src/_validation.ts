import { IConstruct } from 'constructs';
import { quantityValue } from './_quantity';

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

/** A value of a class with static factories; JavaScript lets anything pass. */
export function checkFactory(scope: IConstruct, property: string, value: unknown, factory: Function): void {
  if (value instanceof factory) return;
  refuse(scope, {
    property, given: value, allowed: `what ${factory.name}'s static methods return`, mend: `write ${property} as in ${factory.name}.…()`,
  });
}

/** A Service's name: RFC 1035, because it becomes a DNS label. */
export function checkServiceName(scope: IConstruct, property: string, name: string): void {
  if (typeof name === 'string' && LABEL_1035.test(name)) return;
  refuse(scope, {
    property,
    given: name,
    allowed: 'up to 63 lower-case letters, digits and -, beginning with a letter and ending with a letter or digit',
    mend: `set ${property} to a name such as my-api-server`,
  });
}

/** A namespace's or container's name: an RFC 1123 label. */
export function checkLabelName(scope: IConstruct, property: string, name: string): void {
  if (typeof name === 'string' && LABEL_1123.test(name)) return;
  refuse(scope, {
    property,
    given: name,
    allowed: 'up to 63 lower-case letters, digits and -, beginning and ending with a letter or digit',
    mend: `set ${property} to a name such as kube-system`,
  });
}

/** Name of most other objects: an RFC 1123 subdomain. */
export function checkObjectName(scope: IConstruct, property: string, name: string): void {
  if (typeof name === 'string' && name.length <= 253 && SUBDOMAIN.test(name)) return;
  refuse(scope, {
    property,
    given: name,
    allowed: 'up to 253 lower-case letters, digits, - and ., beginning and ending with a letter or digit',
    mend: `set ${property} to the name of an object that Kubernetes accepts`,
  });
}

/** A key of a Secret's or ConfigMap's data. */
export function checkDataKey(scope: IConstruct, property: string, key: string): void {
  if (typeof key === 'string' && DATA_KEY.test(key)) return;
  refuse(scope, {
    property,
    given: key,
    allowed: 'up to 253 letters, digits, -, _ and .',
    mend: `set ${property} to a key of the object's data, not to a path`,
  });
}

export function checkLabels(scope: IConstruct, property: string, labels: Readonly<Record<string, string>> = {}): void {
  for (const [key, value] of Object.entries(labels)) {
    const [name, prefix, ...rest] = key.split('/').reverse();
    const keyFits = LABEL_NAME.test(name) && rest.length === 0 && (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)));
    if (!keyFits) {
      refuse(scope, {
        property: `${property}['${key}']`,
        given: key,
        allowed: 'as a key, an optional DNS subdomain and /, then up to 63 letters, digits, -, _ and .',
        mend: 'rename the key',
      });
    }
    if (typeof value !== 'string' || (value !== '' && !LABEL_NAME.test(value))) {
      refuse(scope, {
        property: `${property}['${key}']`,
        given: value,
        allowed: 'as a value, text of up to 63 letters, digits, -, _ and ., beginning and ending with a letter or digit',
        mend: typeof value === 'string' ? 'shorten or rename the value' : 'write the value as text, in quotes',
      });
    }
  }
}

export function checkInteger(scope: IConstruct, property: string, value: number | undefined, min: number, max: number, reason = ''): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  const allowed = max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`;
  refuse(scope, { property, given: value, allowed: allowed + reason, mend: `set ${property} within these bounds, or leave it out` });
}

export function checkPort(scope: IConstruct, property: string, port: number | undefined): void {
  checkInteger(scope, property, port, 1, 65535);
}

/** A quantity that is not negative, such as `100m` or `200Mi`. */
export function checkQuantity(scope: IConstruct, property: string, quantity: string | undefined): void {
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

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number' || value === undefined || value === null) return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
