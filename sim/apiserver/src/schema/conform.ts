import type { FieldError } from '../error.ts';
import { checkUnique, checkValue } from './check-value.ts';
import type { ResolveSchema, Schema } from './schema.ts';

export interface Conformance {
  /** Paths of fields that the schema does not know; they have been removed. */
  readonly unknownFields: string[];
  /** Values of a wrong type. */
  readonly typeErrors: FieldError[];
  /** Missing fields and values outside what the schema allows. */
  readonly valueErrors: FieldError[];
}

/**
 * Makes `value` conform to a schema, in place: removes fields that the schema
 * does not know and nulls that it does not allow, and fills in defaults.
 * What it cannot repair it reports, each with its path.
 */
export function conform(value: unknown, schema: Schema, options: ConformOptions): Conformance {
  const result: Conformance = { unknownFields: [], typeErrors: [], valueErrors: [] };
  const { resolve, unique, keepUnknown = false } = options;
  visit(value, schema, '', { ...result, resolve, unique, keepUnknown });
  return result;
}

export interface ConformOptions {
  readonly resolve: ResolveSchema;
  /** Refuse duplicates in sets and keyed lists. */
  readonly unique: boolean;
  /** Leave fields alone that the schema does not know. */
  readonly keepUnknown?: boolean;
}

interface Context extends Conformance, ConformOptions {}

function visit(value: unknown, given: Schema, path: string, context: Context): void {
  const schema = context.resolve(given);
  const expected = expectedTypes(schema);
  const actual = typeOf(value);
  if (expected.length > 0 && !expected.some((type) => type === actual || (type === 'number' && actual === 'integer'))) {
    if (actual === 'null' && schema.nullable === true) return;
    const message = `Invalid value: "${actual}": must be of type ${expected.join(' or ')}, not ${actual}`;
    context.typeErrors.push({ field: path, type: 'FieldValueTypeInvalid', message });
    return;
  }
  context.valueErrors.push(...checkValue(value, schema, path), ...checkJunctors(value, schema, path, context));
  if (Array.isArray(value)) {
    if (context.unique) context.valueErrors.push(...checkUnique(value, schema, path));
    if (schema.items !== undefined) {
      for (const [index, item] of value.entries()) visit(item, schema.items, `${path}[${index}]`, context);
    }
  } else if (actual === 'object') visitObject(value as Record<string, unknown>, schema, path, context);
}

/** `allOf`, `anyOf`, `oneOf` and `not`: each branch judges the value, none changes it. */
function checkJunctors(value: unknown, schema: Schema, path: string, options: ConformOptions): FieldError[] {
  const { allOf = [], anyOf = [], oneOf = [], not } = schema;
  const matching = (branches: readonly Schema[]): number =>
    branches.filter((branch) => {
      const { typeErrors, valueErrors } = conform(structuredClone(value), branch, { ...options, keepUnknown: true });
      return typeErrors.length + valueErrors.length === 0;
    }).length;
  const errors: FieldError[] = [];
  const add = (what: string): void => {
    const message = `Invalid value: must validate ${what}`;
    errors.push({ field: path, type: 'FieldValueInvalid', message });
  };
  if (allOf.length > 0 && matching(allOf) < allOf.length) add('all the schemas (allOf)');
  if (anyOf.length > 0 && matching(anyOf) === 0) add('at least one schema (anyOf)');
  if (oneOf.length > 0 && matching(oneOf) !== 1) add('one and only one schema (oneOf)');
  if (not !== undefined && matching([not]) === 1) add('none of the schemas (not)');
  return errors;
}

function visitObject(object: Record<string, unknown>, schema: Schema, path: string, context: Context): void {
  const properties = schema.properties ?? {};
  const extra = schema.additionalProperties;
  const keep =
    context.keepUnknown === true || schema['x-kubernetes-preserve-unknown-fields'] === true || extra === true;
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const [name, property] of Object.entries(properties)) {
    if (object[name] === null && context.resolve(property).nullable !== true) delete object[name];
    if (object[name] === undefined && property.default !== undefined) object[name] = structuredClone(property.default);
  }
  for (const [name, child] of Object.entries(object)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property !== undefined) visit(child, property, below(name), context);
    else if (typeof extra === 'object') visit(child, extra, `${path}[${name}]`, context);
    else if (!keep) {
      context.unknownFields.push(below(name));
      delete object[name];
    }
  }
  for (const name of schema.required ?? []) {
    if (object[name] === undefined) {
      context.valueErrors.push({ field: below(name), type: 'FieldValueRequired', message: 'Required value' });
    }
  }
}

function expectedTypes(schema: Schema): readonly string[] {
  if (schema['x-kubernetes-int-or-string'] === true) return ['integer', 'string'];
  if (schema.type !== undefined) return [schema.type];
  return (schema.oneOf ?? []).flatMap(({ type }) => (type === undefined ? [] : [type]));
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
