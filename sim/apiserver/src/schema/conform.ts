import type { FieldError } from '../error.ts';
import { brokenFormat, checkUnique, checkValue } from './check-value.ts';
import { isQuantity } from './quantity.ts';
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
  visit(value, schema, '', { ...options, ...result });
  return result;
}

export interface ConformOptions {
  readonly resolve: ResolveSchema;
  /** Refuse duplicates in sets and keyed lists. */
  readonly unique: boolean;
  /**
   * Read as Go reads into its types: an object that is required and missing is
   * an empty one, a list of the object itself has nothing in it, a choice that is empty is not made, a
   * quantity that is none is of a wrong type, and a null in a list or a map is an empty value.
   * What a custom kind has by reference, as its metadata, is always read so.
   */
  readonly asGo?: boolean;
  /** Leave fields alone that the schema does not know. */
  readonly keepUnknown?: boolean;
}

interface Context extends Conformance, ConformOptions {}

function visit(value: unknown, given: Schema, path: string, from: Context): void {
  const context = given.$ref === undefined || from.asGo === true ? from : { ...from, asGo: true };
  const schema = context.resolve(given);
  const expected = expectedTypes(schema);
  const actual = typeOf(value);
  if (expected.length > 0 && !expected.some((type) => type === actual || (type === 'number' && actual === 'integer'))) {
    if (actual === 'null' && schema.nullable === true) return;
    const message = `Invalid value: "${actual}": must be of type ${expected.join(' or ')}, not ${actual}`;
    context.typeErrors.push({ field: path, type: 'FieldValueTypeInvalid', message });
    return;
  }
  const format = brokenFormat(value, schema) ?? (context.asGo === true ? brokenReference(value, given) : undefined);
  if (format !== undefined) {
    const message = `Invalid value: ${JSON.stringify(value)}: must be of type ${format}`;
    context.typeErrors.push({ field: path, type: 'FieldValueTypeInvalid', message });
  }
  context.valueErrors.push(...checkValue(value, schema, path), ...checkJunctors(value, schema, path, context));
  if (Array.isArray(value)) {
    if (context.unique) context.valueErrors.push(...checkUnique(value, schema, path));
    if (schema.items !== undefined) {
      for (const [index, item] of value.entries()) {
        if (item === null) value[index] = readNull(schema.items, context);
        visit(value[index], schema.items, `${path}[${index}]`, context);
      }
    }
  } else if (actual === 'object') visitObject(value as Record<string, unknown>, schema, path, context);
}

/** What Go has of a null among the values of a list or a map. */
function readNull(given: Schema, { asGo, resolve }: ConformOptions): unknown {
  if (asGo !== true) return null;
  if (given.$ref?.endsWith('.Quantity')) return '0';
  if (given.$ref?.endsWith('.IntOrString')) return 0;
  switch (resolve(given).type) {
    case 'string':
      return '';
    case 'object':
      return {};
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return 0;
    default:
      return null;
  }
}

/** What Kubernetes reads more strictly than the published schema of the type says. */
function brokenReference(value: unknown, { $ref = '' }: Schema): string | undefined {
  if ($ref.endsWith('.Quantity') && !isQuantity(value)) return 'quantity';
  // Six decimals are the only form that Go's MicroTime reads.
  if ($ref.endsWith('.MicroTime') && typeof value === 'string' && !/:\d\d\.\d{6}(?:Z|[+-])/.test(value)) {
    return 'date-time with six decimals';
  }
  return undefined;
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
    if (context.asGo === true && object[name] === '' && property.enum !== undefined) delete object[name];
    if (object[name] !== undefined) continue;
    if (property.default !== undefined) object[name] = structuredClone(property.default);
    else if (context.asGo === true && schema.required?.includes(name)) {
      const { type } = context.resolve(property);
      if (property.$ref !== undefined && type === 'object') object[name] = {};
    }
  }
  for (const [name, child] of Object.entries(object)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property !== undefined) visit(child, property, below(name), context);
    else if (typeof extra === 'object') {
      if (child === null) object[name] = readNull(extra, context);
      visit(object[name], extra, `${path}[${name}]`, context);
    } else if (!keep) {
      context.unknownFields.push(below(name));
      delete object[name];
    }
  }
  for (const name of schema.required ?? []) {
    // Below, kinds rely on it that what they need is there.
    const isList = context.asGo === true && path === '' && properties[name]?.type === 'array';
    if (object[name] !== undefined || isList) continue;
    context.valueErrors.push({ field: below(name), type: 'FieldValueRequired', message: 'Required value' });
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
