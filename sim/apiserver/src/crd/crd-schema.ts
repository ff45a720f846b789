import type { FieldError } from '../error.ts';
import type { Schema } from '../schema/schema.ts';

/** What keeps a schema from being applied to objects: references, and patterns that are none. */
export function crdSchemaErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.$ref !== undefined) {
    errors.push({ field: `${path}.$ref`, type: 'FieldValueForbidden', message: 'Forbidden: $ref is not supported' });
  }
  if (schema.pattern !== undefined && !isPattern(schema.pattern)) {
    const message = `Invalid value: ${JSON.stringify(schema.pattern)}: must be a valid regular expression`;
    errors.push({ field: `${path}.pattern`, type: 'FieldValueInvalid', message });
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...crdSchemaErrors(property, `${path}.properties[${name}]`));
  }
  if (Array.isArray(schema.items)) {
    const message = 'Forbidden: items must be a schema object and not an array';
    errors.push({ field: `${path}.items`, type: 'FieldValueForbidden', message });
  } else if (schema.items !== undefined) errors.push(...crdSchemaErrors(schema.items, `${path}.items`));
  if (typeof schema.additionalProperties === 'object') {
    errors.push(...crdSchemaErrors(schema.additionalProperties, `${path}.additionalProperties`));
  }
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [index, branch] of (schema[junctor] ?? []).entries()) {
      errors.push(...crdSchemaErrors(branch, `${path}.${junctor}[${index}]`));
    }
  }
  if (schema.not !== undefined) errors.push(...crdSchemaErrors(schema.not, `${path}.not`));
  return errors;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
