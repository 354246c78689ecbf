type JsonObject = Readonly<Record<string, unknown>>;

/** What both versions of OpenAPI say about an API. */
export interface OpenApiContents {
  readonly paths: JsonObject;
  readonly schemas: JsonObject;
}

/** Says in OpenAPI v2 (Swagger) what is given in the part of OpenAPI v3 that Kubernetes uses. */
export function toOpenApiV2({ paths, schemas }: OpenApiContents, info: JsonObject): JsonObject {
  return { swagger: '2.0', info, paths: mapValues(paths, pathItem), definitions: mapValues(schemas, schema) };
}

function pathItem(item: unknown): JsonObject {
  return mapValues(item as JsonObject, (value, key) => key === 'parameters' ? (value as JsonObject[]).map(parameter) : operation(value as JsonObject));
}

function operation({ responses, parameters, ...rest }: JsonObject): JsonObject {
  return {
    ...rest,
    consumes: ['*/*'],
    produces: Object.keys(firstContent(responses as JsonObject) ?? {}),
    schemes: ['https'],
    ...parameters ? { parameters: (parameters as JsonObject[]).map(parameter) } : {},
    responses: mapValues(responses as JsonObject, (response) => responseOf(response as JsonObject)),
  };
}

function firstContent(responses: JsonObject): JsonObject | undefined {
  return Object.values(responses).map((response) => (response as { content?: JsonObject }).content).find(Boolean);
}

function responseOf({ content, ...rest }: JsonObject): JsonObject {
  const [media] = Object.values(content as JsonObject | undefined ?? {}) as { schema: unknown }[];
  return media ? { ...rest, schema: schema(media.schema) } : rest;
}

/** In v2 a parameter is its own schema. */
function parameter({ schema: type, ...rest }: JsonObject): JsonObject {
  return { ...rest, ...schema(type) as object };
}

/** Defaults are left out as upstream leaves them out; a reference may not have siblings in v3, hence its `allOf`. */
function schema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(schema);
  if (typeof value !== 'object' || value === null) return value;
  const { default: _default, allOf, oneOf, ...rest } = value as { default?: unknown; allOf?: unknown[]; oneOf?: unknown[] };
  const alternatives = (allOf ?? oneOf)?.slice(0, 1).map(schema) as object[] | undefined;
  return Object.assign(mapValues(rest, (member, key) => key === '$ref' ? reference(member as string) : schema(member)), ...alternatives ?? []);
}

function reference(target: string): string {
  return target.replace(/^#\/components\/schemas\//, '#/definitions/');
}

function mapValues(object: JsonObject, transform: (value: unknown, key: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, transform(value, key)]));
}
