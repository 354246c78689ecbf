/** An OpenAPI v3 schema object. */
export type Schema = Readonly<Record<string, unknown>>;

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A field of another schema's type with words of its own. OpenAPI 3.0 ignores what stands beside a `$ref`. */
export function describedRef(description: string, name: string): Schema {
  return { description, allOf: [ref(name)] };
}

export function text(description: string): Schema {
  return { description, type: 'string' };
}

/** A string that must be there, if only empty. */
export function requiredText(description: string): Schema {
  return { description, type: 'string', default: '' };
}

export function flag(description: string): Schema {
  return { description, type: 'boolean' };
}

export function int64(description: string): Schema {
  return { description, type: 'integer', format: 'int64' };
}

export function array(description: string, items: Schema): Schema {
  return { description, type: 'array', items };
}

/** A list that is replaced as a whole when it is applied. */
export function atomicArray(description: string, items: Schema): Schema {
  return { ...array(description, items), 'x-kubernetes-list-type': 'atomic' };
}

export function map(description: string, values: Schema): Schema {
  return { description, type: 'object', additionalProperties: values };
}
