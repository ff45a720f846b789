import { badRequest } from '../error.ts';
import type { ApiObject } from '../storage/entry.ts';

/** Reads one selectable field; absent counts as the empty text. */
export type FieldReader = (object: ApiObject) => string;

const METADATA_FIELDS: Readonly<Record<string, FieldReader>> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
};

/** A reader for a plain path, as `spec.nodeName`. */
export function fieldAt(path: string): FieldReader {
  const names = path.split('.');
  return (object) => {
    let value: unknown = object;
    for (const name of names) value = (value as Record<string, unknown> | undefined)?.[name];
    return value === undefined || value === null ? '' : String(value);
  };
}

/**
 * Compiles a field selector: `a=b`, `a==b` and `a!=b`, joined by commas.
 *
 * @param fields the fields of the kind besides its name and namespace
 * @throws {ApiError} 400: malformed, or a field that cannot be selected by
 */
export function fieldPredicate(
  text: string,
  fields: Readonly<Record<string, FieldReader>>,
): (object: ApiObject) => boolean {
  const terms = splitTerms(text).map((term) => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/s.exec(term);
    if (match === null) throw badRequest(`invalid selector: '${text}'; write '${term}' as field=value or field!=value`);
    const [, field = '', operator, escaped = ''] = match;
    const read = METADATA_FIELDS[field] ?? fields[field];
    if (read === undefined) throw badRequest(`field label not supported: ${field}`);
    const value = escaped.replace(/\\([\\,=])/g, '$1');
    return operator === '!='
      ? (object: ApiObject) => read(object) !== value
      : (object: ApiObject) => read(object) === value;
  });
  return (object) => terms.every((holds) => holds(object));
}

/** Splits at commas, except at those behind a backslash. */
function splitTerms(text: string): string[] {
  return (text.match(/(?:\\.|[^,\\])+/gs) ?? []).filter((term) => term !== '');
}
