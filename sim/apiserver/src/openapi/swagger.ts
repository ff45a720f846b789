import { REF_PREFIX, type Schema } from '../schema/schema.ts';

/** What OpenAPI 2 has no words for: left out, and what stands below it with it. */
const NOT_IN_SWAGGER: readonly string[] = ['anyOf', 'oneOf', 'not', 'nullable'];

/** Types that are one of several in OpenAPI 3 and text in OpenAPI 2, as Kubernetes publishes them. */
const AS_TEXT: readonly string[] = ['Quantity', 'IntOrString'];

export interface SwaggerParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly type?: string;
  readonly uniqueItems?: boolean;
  readonly schema?: Schema;
}

export interface SwaggerOperation {
  /** Media types of the body. */
  readonly consumes?: readonly string[];
  readonly parameters: readonly SwaggerParameter[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly schema?: Schema }>>;
  readonly [extension: `x-${string}`]: unknown;
}

export const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

export type SwaggerPath = { readonly [method in (typeof METHODS)[number]]?: SwaggerOperation } & {
  readonly parameters?: readonly SwaggerParameter[];
};

export interface SwaggerDocument {
  readonly swagger: '2.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, SwaggerPath>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** By media type; all of them have the same schema. */
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface OperationV3 {
  readonly parameters?: readonly { readonly schema: Schema; readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
  readonly [extension: `x-${string}`]: unknown;
}

type PathV3 = { readonly [method in (typeof METHODS)[number]]?: OperationV3 } & {
  readonly parameters?: OperationV3['parameters'];
};

/** The schemas of OpenAPI 3 as OpenAPI 2 writes them. */
export function swaggerDefinitions(schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const type = name.slice(name.lastIndexOf('.') + 1);
      const { oneOf, pattern, ...others } = schema;
      return [name, swaggerSchema(AS_TEXT.includes(type) && oneOf ? { ...others, type: 'string' } : schema)] as const;
    }),
  );
}

/** The paths of OpenAPI 3 as OpenAPI 2 writes them. */
export function swaggerPaths(paths: Readonly<Record<string, object>>): Record<string, SwaggerPath> {
  return Object.fromEntries(
    Object.entries(paths as Record<string, PathV3>).map(([path, item]) => {
      const { parameters } = item;
      const operations = METHODS.flatMap((method) => {
        const operation = item[method];
        return operation === undefined ? [] : [[method, swaggerOperation(operation)] as const];
      });
      return [
        path,
        { ...Object.fromEntries(operations), ...(parameters && { parameters: parameters.map(swaggerParameter) }) },
      ] as const;
    }),
  );
}

function swaggerOperation({ parameters = [], requestBody, responses, ...extensions }: OperationV3): SwaggerOperation {
  const schemaOf = (content: Content): Schema => swaggerSchema(Object.values(content)[0]?.schema ?? {});
  const body =
    requestBody === undefined
      ? []
      : [{ name: 'body', in: 'body', required: true, schema: schemaOf(requestBody.content) }];
  return {
    ...extensions,
    ...(requestBody && { consumes: Object.keys(requestBody.content) }),
    parameters: [...body, ...parameters.map(swaggerParameter)],
    responses: Object.fromEntries(
      Object.entries(responses).map(([code, { description, content }]) => [
        code,
        { description, schema: schemaOf(content) },
      ]),
    ),
  };
}

function swaggerParameter({ schema, ...parameter }: NonNullable<OperationV3['parameters']>[number]): SwaggerParameter {
  return { ...parameter, type: 'string', ...(schema.uniqueItems === true ? { uniqueItems: true } : {}) };
}

function swaggerSchema(schema: Schema): Schema {
  // What stands beside a reference does not count, but a description is for people.
  if (schema.$ref !== undefined) {
    const $ref = schema.$ref.replace(REF_PREFIX, '#/definitions/');
    return { ...(schema.description === undefined ? {} : { description: schema.description }), $ref };
  }
  const entries = Object.entries(schema).filter(([key]) => !NOT_IN_SWAGGER.includes(key));
  const result = Object.fromEntries(entries) as Schema;
  if (schema['x-kubernetes-int-or-string'] === true) delete result.type;
  // Of an object whose fields are not all known, OpenAPI 2 readers would refuse the others.
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) delete result.properties;
  if (result.items !== undefined) result.items = swaggerSchema(result.items);
  if (typeof result.additionalProperties === 'object') {
    result.additionalProperties = swaggerSchema(result.additionalProperties);
  }
  if (result.allOf !== undefined) result.allOf = result.allOf.map(swaggerSchema);
  if (result.properties !== undefined) {
    result.properties = Object.fromEntries(
      Object.entries(result.properties).map(([name, property]) => [name, swaggerSchema(property)]),
    );
  }
  return result;
}
