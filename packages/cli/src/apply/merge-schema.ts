/** How lists of a kind merge. Undefined fields replace. */
export interface MergeSchema {
  field(name: string): MergeSchema | undefined;
  /** Of a list of objects: schema of its elements. */
  readonly items: MergeSchema | undefined;
  /** Fields that tell elements of a list apart; undefined: the list is one value. */
  readonly keys: readonly string[] | undefined;
  /** A list of plain values that merges as a set. */
  readonly isSet: boolean;
  /** Only the fields that the user gives stay (alternatives that exclude each other). */
  readonly retainsKeys: boolean;
}

interface OpenApiSchema {
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly items?: OpenApiSchema;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

export interface OpenApiDocument {
  readonly components?: { readonly schemas?: Readonly<Record<string, OpenApiSchema>> };
}

/** The merge schema of a kind from the API server's own description (OpenAPI v3 of its group version). */
export function mergeSchemaOf(
  document: OpenApiDocument,
  wanted: { readonly group: string; readonly version: string; readonly kind: string },
): MergeSchema | undefined {
  const schemas = document.components?.schemas ?? {};
  const root = Object.values(schemas).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some(
      ({ group, version, kind }) => group === wanted.group && version === wanted.version && kind === wanted.kind,
    ),
  );
  return root === undefined ? undefined : wrap(root, schemas);
}

function wrap(given: OpenApiSchema, schemas: Readonly<Record<string, OpenApiSchema>>): MergeSchema {
  const schema = resolve(given, schemas);
  const strategies = (given['x-kubernetes-patch-strategy'] ?? '').split(',');
  const merges = strategies.includes('merge');
  const key = given['x-kubernetes-patch-merge-key'];
  return {
    field: (name) => {
      const extra = schema.additionalProperties;
      const field = schema.properties?.[name] ?? (typeof extra === 'object' ? extra : undefined);
      return field === undefined ? undefined : wrap(field, schemas);
    },
    items: schema.items === undefined ? undefined : wrap(schema.items, schemas),
    // The patch key of ports is the number alone, which loses one of tcp and udp; the list's own keys are whole.
    keys: merges && key !== undefined ? (given['x-kubernetes-list-map-keys'] ?? [key]) : undefined,
    isSet: merges && key === undefined,
    retainsKeys: strategies.includes('retainKeys'),
  };
}

/** What stands beside a reference, such as the patch strategy, is read from `given` itself. */
function resolve(given: OpenApiSchema, schemas: Readonly<Record<string, OpenApiSchema>>): OpenApiSchema {
  const reference = given.$ref ?? given.allOf?.find(({ $ref }) => $ref !== undefined)?.$ref;
  if (reference === undefined) return given;
  return schemas[reference.slice(reference.lastIndexOf('/') + 1)] ?? given;
}
