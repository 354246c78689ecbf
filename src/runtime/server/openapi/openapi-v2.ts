type JsonObject = Readonly<Record<string, unknown>>;

/** What both versions of OpenAPI say about an API. */
export interface OpenApiContents {
  readonly paths: JsonObject;
  readonly schemas: JsonObject;
}

const REFERENCE = '#/components/schemas/';

/**
 * kube-aggregator merges this document into the cluster's, and renames whatever definition differs from its own of that
 * name in as much as a word: `ObjectMeta_v2`. The types that all API servers share stand where they are used instead.
 */
const SHARED = /^io\.k8s\.api(?:machinery)?\./;

/** Says in OpenAPI v2 (Swagger) what is given in the part of OpenAPI v3 that Kubernetes uses. */
export function toOpenApiV2({ paths, schemas }: OpenApiContents, info: JsonObject): JsonObject {
  const translation = new Translation(schemas);
  const own = Object.fromEntries(Object.entries(schemas).filter(([name]) => !SHARED.test(name)));
  return {
    swagger: '2.0',
    info,
    paths: mapValues(paths, (item) => translation.pathItem(item as JsonObject)),
    definitions: mapValues(own, (schema) => translation.schema(schema)),
  };
}

class Translation {
  constructor(private readonly schemas: JsonObject) {}

  pathItem(item: JsonObject): JsonObject {
    return mapValues(item, (value, key) => key === 'parameters' ? this.parameters(value as JsonObject[]) : this.operation(value as JsonObject));
  }

  /** Defaults are left out as upstream leaves them out; a reference may not have siblings in v3, hence its `allOf`. */
  schema(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((member) => this.schema(member));
    if (typeof value !== 'object' || value === null) return value;
    const { $ref, default: _default, allOf, oneOf, ...rest } = value as { $ref?: string; default?: unknown; allOf?: unknown[]; oneOf?: unknown[] };
    const alternatives = (allOf ?? oneOf)?.slice(0, 1).map((member) => this.schema(member)) as object[] | undefined;
    // Words beside a reference say more than those of what it refers to.
    return Object.assign({}, $ref === undefined ? {} : this.referred($ref), ...alternatives ?? [], mapValues(rest, (member) => this.schema(member)));
  }

  private referred($ref: string): unknown {
    const name = $ref.slice(REFERENCE.length);
    return SHARED.test(name) ? this.schema(this.schemas[name]) : { $ref: `#/definitions/${name}` };
  }

  private operation({ responses, parameters, ...rest }: JsonObject): JsonObject {
    return {
      ...rest,
      consumes: ['*/*'],
      produces: Object.keys(firstContent(responses as JsonObject) ?? {}),
      schemes: ['https'],
      ...parameters ? { parameters: this.parameters(parameters as JsonObject[]) } : {},
      responses: mapValues(responses as JsonObject, (response) => this.response(response as JsonObject)),
    };
  }

  private response({ content, ...rest }: JsonObject): JsonObject {
    const [media] = Object.values(content as JsonObject | undefined ?? {}) as { schema: unknown }[];
    return media ? { ...rest, schema: this.schema(media.schema) } : rest;
  }

  /** In v2 a parameter is its own schema. */
  private parameters(parameters: readonly JsonObject[]): JsonObject[] {
    return parameters.map(({ schema, ...rest }) => ({ ...rest, ...this.schema(schema) as object }));
  }
}

function firstContent(responses: JsonObject): JsonObject | undefined {
  return Object.values(responses).map((response) => (response as { content?: JsonObject }).content).find(Boolean);
}

function mapValues(object: JsonObject, transform: (value: unknown, key: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, transform(value, key)]));
}
