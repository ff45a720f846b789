import { isPosted, subresourceKind } from '../discovery/verbs.ts';
import { DEFINITIONS, definitionName } from '../kinds/definitions.ts';
import { apiVersionOf, type ServedResource } from '../registry/served-resource.ts';
import { REF_PREFIX, type Schema } from '../schema/schema.ts';

/** The schemas of some kinds and their lists, with all that they refer to, by name. */
export function componentSchemas(resources: readonly ServedResource[]): Record<string, Schema> {
  const schemas = new Map<string, Schema>();
  for (const resource of resources) {
    const { schemaName, group, version, kind } = resource;
    const own = resource.custom ? resource.schema : DEFINITIONS.get(schemaName);
    if (own === undefined) throw new Error(`${apiVersionOf(resource)} ${kind} has no schema`);
    schemas.set(schemaName, { ...own, 'x-kubernetes-group-version-kind': [{ group, version, kind }] });
    schemas.set(`${schemaName}List`, listSchema(resource));
    addReferences(own, schemas);
    for (const subresource of resource.subresources.filter(isPosted)) {
      addReferences({ $ref: REF_PREFIX + definitionName(subresourceKind(resource, subresource).kind) }, schemas);
    }
  }
  addReferences({ $ref: REF_PREFIX + definitionName('ListMeta') }, schemas);
  return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function listSchema({ schemaName, kind, listKind, group, version }: ServedResource): Schema {
  return {
    description: `A list of ${kind} objects.`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { $ref: REF_PREFIX + definitionName('ListMeta') },
      items: { type: 'array', items: { $ref: REF_PREFIX + schemaName } },
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind: listKind }],
  };
}

function addReferences(schema: Schema, schemas: Map<string, Schema>): void {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(REF_PREFIX.length);
    const definition = DEFINITIONS.get(name);
    if (definition === undefined || schemas.has(name)) return;
    schemas.set(name, definition);
    addReferences(definition, schemas);
    return;
  }
  for (const property of Object.values(schema.properties ?? {})) addReferences(property, schemas);
  if (schema.items !== undefined) addReferences(schema.items, schemas);
  if (typeof schema.additionalProperties === 'object') addReferences(schema.additionalProperties, schemas);
}
