import type { FieldError } from '../error.ts';

export function required(field: string): FieldError {
  return { field, type: 'FieldValueRequired', message: 'Required value' };
}

export function forbidden(field: string, why: string): FieldError {
  return { field, type: 'FieldValueForbidden', message: `Forbidden: ${why}` };
}

export function duplicate(field: string, value: unknown): FieldError {
  return { field, type: 'FieldValueDuplicate', message: `Duplicate value: ${JSON.stringify(value)}` };
}

/** What the value names is not there. */
export function missing(field: string, value: string): FieldError {
  return { field, type: 'FieldValueNotFound', message: `Not found: ${JSON.stringify(value)}` };
}

/** Names must differ within a list, and from those of the lists before it. */
export function duplicateNames(
  items: readonly { readonly name?: string }[],
  path: string,
  before: readonly { readonly name?: string }[] = [],
): FieldError[] {
  const seen = new Set(before.map(({ name }) => name));
  const errors: FieldError[] = [];
  for (const [index, { name }] of items.entries()) {
    if (name === undefined || name === '') continue;
    if (seen.has(name)) errors.push(duplicate(`${path}[${index}].name`, name));
    seen.add(name);
  }
  return errors;
}
