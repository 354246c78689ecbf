import { isTrue, Value, ValueType } from './value';

/** A function for arguments of certain types. */
export interface Call {
  readonly type: ValueType;
  apply(values: readonly Value[]): Value;
}

/** What it does with arguments of these types, or what is wrong with them. */
type Overload = (types: readonly ValueType[]) => Call | string;

/** The functions of Go's text/template that a query needs, by name. */
export const FUNCTIONS: Readonly<Record<string, Overload>> = {
  index: (types) => {
    const [type, key] = types;
    if (types.length === 2 && type === 'map' && key === 'text') return { type: 'text', apply: ([map, name]) => indexMap(map, name) };
    if (types.length === 2 && type === 'list' && key === 'number') return { type: 'text', apply: ([list, at]) => indexList(list, at) };
    return 'takes a map and a text, or a list and a number';
  },
  len: (types) => {
    if (types.length !== 1 || types[0] === 'number' || types[0] === 'boolean') return 'takes one text, list or map';
    return { type: 'number', apply: ([value]) => (typeof value === 'string' ? Buffer.byteLength(value) : Object.keys(known(value) as object).length) };
  },
  eq: (types) => comparison(types, types.length >= 2, 'takes two or more of the same type: texts, numbers, or true and false',
    ([first, ...others]) => others.includes(first)),
  ne: (types) => comparison(types, types.length === 2, 'takes two of the same type: texts, numbers, or true and false',
    ([first, second]) => first !== second),
  and: (types) => choice(types, (value) => !isTrue(value)),
  or: (types) => choice(types, isTrue),
  not: (types) => (types.length === 1 ? { type: 'boolean', apply: ([value]) => !isTrue(value) } : 'takes one argument'),
};

function comparison(types: readonly ValueType[], enough: boolean, wrong: string, apply: (values: readonly Value[]) => boolean): Call | string {
  const comparable = types.every((type) => type === types[0] && type !== 'list' && type !== 'map');
  return enough && comparable ? { type: 'boolean', apply } : wrong;
}

/** The first of its arguments that decides, else the last. They are of one type: what becomes of it can be checked. */
function choice(types: readonly ValueType[], decides: (value: Value) => boolean): Call | string {
  if (types.length === 0 || types.some((type) => type !== types[0])) return 'takes one or more of the same type';
  return { type: types[0], apply: (values) => values[values.findIndex((value, at) => at === values.length - 1 || decides(value))] };
}

/** What a map does not have is the empty text here, unlike `.Map.key`. */
function indexMap(map: Value, name: Value): Value {
  const texts = map as Readonly<Record<string, string>>;
  return Object.hasOwn(texts, known(name) as string) ? texts[name as string] : '';
}

function indexList(list: Value, at: Value): Value {
  const text = (list as readonly string[])[at as number];
  if (text === undefined) throw new RangeError(`index ${at} is out of range`);
  return text;
}

function known(value: Value): Value {
  if (value === undefined) throw new RangeError('a key that the map does not have was used as an argument');
  return value;
}
