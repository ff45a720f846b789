import type { FieldError } from '../error.ts';
import type { Schema } from './schema.ts';

/**
 * The format that a text should have and has not. To Kubernetes that is a wrong type: of its own kinds it reads such
 * texts as times and bytes.
 */
export function brokenFormat(value: unknown, { format }: Schema): 'date-time' | 'byte' | undefined {
  if (typeof value !== 'string') return undefined;
  if (format === 'date-time' && !isDateTime(value)) return format;
  if (format === 'byte' && !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value))
    return format;
  return undefined;
}

/** What a schema says about one value itself, not about its children; the type is right already. */
export function checkValue(value: unknown, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const add = (message: string, type: FieldError['type'] = 'FieldValueInvalid'): void => {
    errors.push({ field: path, type, message });
  };
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const allowed = schema.enum.map((item) => JSON.stringify(item)).join(', ');
    add(`Unsupported value: ${JSON.stringify(value)}: supported values: ${allowed}`, 'FieldValueNotSupported');
  }
  if (typeof value === 'string') checkString(value, schema, add);
  else if (typeof value === 'number') checkNumber(value, schema, add);
  else if (Array.isArray(value)) checkCount(value.length, 'items', schema.minItems, schema.maxItems, add);
  else if (typeof value === 'object' && value !== null) {
    checkCount(Object.keys(value).length, 'properties', schema.minProperties, schema.maxProperties, add);
  }
  return errors;
}

type Add = (message: string, type?: FieldError['type']) => void;

function checkString(value: string, schema: Schema, add: Add): void {
  const quoted = JSON.stringify(value);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) {
    add(`Invalid value: ${quoted}: should match '${schema.pattern}'`);
  }
  if (schema.minLength !== undefined && value.length < schema.minLength) {
    add(`Invalid value: ${quoted}: should be at least ${schema.minLength} chars long`);
  }
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    add(`Too long: may not be more than ${schema.maxLength} bytes`, 'FieldValueTooLong');
  }
}

/** RFC 3339, as Kubernetes' meta/v1 Time. */
function isDateTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
}

function checkNumber(value: number, schema: Schema, add: Add): void {
  const { minimum, maximum, multipleOf } = schema;
  if (minimum !== undefined && (schema.exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    add(
      `Invalid value: ${value}: should be greater than ${schema.exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`,
    );
  }
  if (maximum !== undefined && (schema.exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    add(
      `Invalid value: ${value}: should be less than ${schema.exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`,
    );
  }
  if (multipleOf !== undefined && value % multipleOf !== 0)
    add(`Invalid value: ${value}: should be a multiple of ${multipleOf}`);
  if (schema.format === 'int32' && Math.abs(value) > 2_147_483_648)
    add(`Invalid value: ${value}: does not fit in 32 bits`);
}

function checkCount(
  count: number,
  what: string,
  minimum: number | undefined,
  maximum: number | undefined,
  add: Add,
): void {
  if (minimum !== undefined && count < minimum) add(`Invalid value: ${count}: should have at least ${minimum} ${what}`);
  if (maximum !== undefined && count > maximum) {
    add(`Too many: ${count}: must have at most ${maximum} ${what}`, 'FieldValueTooMany');
  }
}

/**
 * Two elements of a set, or of a list with keys, may not be the same. Only
 * custom resources are held to it: Kubernetes' own kinds check this in code,
 * where they do.
 */
export function checkUnique(items: readonly unknown[], schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (listType !== 'set' && listType !== 'map' && schema.uniqueItems !== true) return errors;
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const identity = JSON.stringify(
      listType === 'map' ? keys.map((key) => (item as Record<string, unknown>)?.[key]) : item,
    );
    if (seen.has(identity)) {
      const shown =
        listType === 'map' ? JSON.stringify((item as Record<string, unknown>)?.[keys[0] as string]) : identity;
      errors.push({ field: `${path}[${index}]`, type: 'FieldValueDuplicate', message: `Duplicate value: ${shown}` });
    }
    seen.add(identity);
  }
  return errors;
}
