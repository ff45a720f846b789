import type { FieldError } from '../error.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** RFC 1123 label, as Kubernetes wants it: at most 63 lower-case letters, digits and dashes. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && LABEL.test(text);
}

/** RFC 1123 subdomain: labels joined by dots, at most 253 characters. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text);
}

/** `letter-label`: a label that begins with a letter (RFC 1035). */
export type NameRule = 'label' | 'letter-label' | 'subdomain' | 'path-segment';

/** What is wrong with the name of an object, or of what has to follow the same rule. */
export function nameErrors(name: string, rule: NameRule, field: string): FieldError[] {
  const invalid = (why: string): FieldError[] => [
    { field, type: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(name)}: ${why}` },
  ];
  if (rule === 'path-segment') {
    return /[/%]/.test(name) || name === '.' || name === '..'
      ? invalid("may not be '.' or '..' or contain '/' or '%'")
      : [];
  }
  if (rule === 'label' && !isDnsLabel(name)) {
    return invalid(
      "a DNS-1123 label must have at most 63 lower-case letters, digits or '-', and start and end with a letter or a digit",
    );
  }
  if (rule === 'letter-label' && (!isDnsLabel(name) || /^\d/.test(name))) {
    return invalid(
      "a DNS-1035 label must have at most 63 lower-case letters, digits or '-', start with a letter, and end with a letter or a digit",
    );
  }
  if (rule === 'subdomain' && !isDnsSubdomain(name)) {
    return invalid(
      "a DNS-1123 subdomain must have at most 253 lower-case letters, digits, '-' or '.', and start and end with a letter or a digit",
    );
  }
  return [];
}
