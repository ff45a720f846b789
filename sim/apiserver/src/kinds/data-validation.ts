import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import type { ApiObject } from '../storage/entry.ts';
import { forbidden } from './field-errors.ts';

type Items = Readonly<Record<string, unknown>>;

const MAX_KEY_CHARACTERS = 253;

/** Kubernetes' limit for the values of one ConfigMap or Secret together; their keys do not count. */
const MAX_VALUE_BYTES = 1024 * 1024;

/** Names of items become names of files. */
export function configMapErrors({ data = {}, binaryData = {} }: ApiObject): FieldError[] {
  const binary = Object.keys(binaryData as Items);
  const doubled = Object.keys(data as Items).filter((key) => binary.includes(key));
  return [
    ...keyErrors(data, 'data'),
    ...keyErrors(binaryData, 'binaryData'),
    ...doubled.map((key) => invalidValue('data', key, 'the item is in binaryData, too')),
    // The limit is for the object as a whole, of which the path is empty.
    ...sizeErrors(bytesOf(data, 'utf8') + bytesOf(binaryData, 'base64'), '[]'),
  ];
}

/** What is marked as immutable stays, and stays so. */
export function immutableErrors(object: ApiObject, previous: ApiObject): FieldError[] {
  if (previous.immutable !== true) return [];
  const changed = ['data', 'binaryData'].filter((field) => !isDeepStrictEqual(object[field], previous[field]));
  const fields = object.immutable === true ? changed : ['immutable', ...changed];
  return fields.map((field) => forbidden(field, 'the object is immutable; make it anew to change it'));
}

export function keyErrors(items: unknown, field: string): FieldError[] {
  return Object.keys(items as Items)
    .filter((key) => key.length > MAX_KEY_CHARACTERS || !/^[-._a-zA-Z0-9]+$/.test(key) || /^\.\.?$|^\.\./.test(key))
    .map((key) =>
      invalidValue(`${field}[${key}]`, key, "use letters, digits, '-', '_' and '.', not '..' at the start"),
    );
}

/** @param field what is said to be too long */
export function sizeErrors(bytes: number, field: string): FieldError[] {
  if (bytes <= MAX_VALUE_BYTES) return [];
  return [{ field, type: 'FieldValueTooLong', message: `Too long: may not be more than ${MAX_VALUE_BYTES} bytes` }];
}

/** How long the values are together, decoded. */
export function bytesOf(items: unknown, encoding: 'utf8' | 'base64'): number {
  return Object.values(items as Readonly<Record<string, string>>).reduce(
    (bytes, value) => bytes + Buffer.byteLength(value, encoding),
    0,
  );
}
