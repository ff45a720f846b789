import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';

export function portNumberErrors(port: number, field: string): FieldError[] {
  return port >= 1 && port <= 65_535 ? [] : [invalidValue(field, port, 'must be between 1 and 65535, inclusive')];
}

/** IANA_SVC_NAME: RFC 6335 §5.1. */
export function portNameErrors(name: string, field: string): FieldError[] {
  const fits = name.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && /[a-z]/.test(name);
  return fits
    ? []
    : [
        invalidValue(
          field,
          name,
          'a port name must have at most 15 lower-case letters, digits or single dashes between them, and at least one letter',
        ),
      ];
}
