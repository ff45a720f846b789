import { parseDescriptions, type TypeDescription } from '../schema/parse-descriptions.ts';
import type { Schema } from '../schema/schema.ts';
import { DESCRIPTIONS } from './descriptions/index.ts';

/** The description of what all kinds have in common stands under this name. */
const ANY_KIND = 'AnyKind';

/** The fields that every object has. */
const COMMON_FIELDS = ['apiVersion', 'kind', 'metadata'];

const BY_TYPE: ReadonlyMap<string, TypeDescription> = new Map(
  DESCRIPTIONS.flatMap((text) => [...parseDescriptions(text)]),
);

/**
 * Puts the descriptions into the schemas, in place.
 *
 * @param fullName the name that a type is published under
 * @throws {Error} what is described does not exist
 */
export function describeTypes(schemas: Map<string, Schema>, fullName: (type: string) => string): void {
  for (const [type, { text, fields }] of BY_TYPE) {
    if (type === ANY_KIND) continue;
    const schema = schemas.get(fullName(type));
    if (schema === undefined) throw new Error(`${type} is described but does not exist`);
    schema.description = text;
    for (const [field, sentence] of fields) {
      const property = schema.properties?.[field];
      if (property === undefined) throw new Error(`${type}.${field} is described but does not exist`);
      property.description = sentence;
    }
  }
  for (const [name, schema] of schemas) schemas.set(name, withKindDescriptions(schema));
}

/** The schema of a kind with descriptions of what all kinds have in common, where it has none of its own. */
export function withKindDescriptions(schema: Schema): Schema {
  const { properties = {} } = schema;
  if (!COMMON_FIELDS.every((field) => properties[field] !== undefined)) return schema;
  const common = BY_TYPE.get(ANY_KIND)?.fields;
  const described = Object.entries(properties).map(([name, property]) => {
    const description = property.description ?? common?.get(name);
    return [name, description === undefined ? property : { ...property, description }] as const;
  });
  return { ...schema, properties: Object.fromEntries(described) };
}
