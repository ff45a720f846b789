import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import { fieldAt } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { AGE, NAME, textColumn } from './columns.ts';
import { bytesOf, immutableErrors, keyErrors, sizeErrors } from './data-validation.ts';
import { required } from './field-errors.ts';

/** The items that secrets of a type must have: one of each group. Source: Kubernetes, "Types of Secret". */
const NEEDED_ITEMS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kubernetes.io/basic-auth': [['username', 'password']],
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
  'kubernetes.io/ssh-auth': [['ssh-privatekey']],
  'kubernetes.io/tls': [['tls.crt'], ['tls.key']],
};

export const SECRET = builtIn({
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  selectableFields: { type: fieldAt('type') },
  strategy: { fill: fillSecret, validate: secretErrors, validateUpdate: secretUpdateErrors },
  columns: [
    NAME,
    textColumn('Type', 'What it is for.', ({ type }) => type),
    textColumn('Data', 'How many items it holds.', ({ data }) => Object.keys((data ?? {}) as object).length),
    AGE,
  ],
});

/** `stringData` is for writing only: it becomes `data`. */
function fillSecret(object: ApiObject): void {
  object.type ??= 'Opaque';
  const { stringData } = object;
  if (typeof stringData !== 'object' || stringData === null) return;
  const encoded = Object.entries(stringData as Record<string, string>).map(
    ([key, value]) => [key, Buffer.from(value).toString('base64')] as const,
  );
  object.data = { ...(object.data as object | undefined), ...Object.fromEntries(encoded) };
  delete object.stringData;
}

function secretErrors({ data = {}, type }: ApiObject): FieldError[] {
  const items = data as Readonly<Record<string, string>>;
  const groups = NEEDED_ITEMS[String(type)] ?? [];
  const missing = groups.filter((group) => group.every((name) => items[name] === undefined)).flat();
  return [
    ...keyErrors(data, 'data'),
    ...sizeErrors(bytesOf(data, 'base64'), 'data'),
    ...missing.map((name) => required(`data[${name}]`)),
  ];
}

function secretUpdateErrors(object: ApiObject, previous: ApiObject): FieldError[] {
  const errors = immutableErrors(object, previous);
  return object.type === previous.type
    ? errors
    : [...errors, invalidValue('type', object.type, 'the type of a secret cannot change')];
}
